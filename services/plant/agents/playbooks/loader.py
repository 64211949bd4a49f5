"""Loading playbooks: Markdown files whose front matter, JSON between two lines of dashes, must be whole and right."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, JsonValue, StringConstraints, ValidationError

from plant.patterns.input_schema import check_schema
from shared.contracts.base import ShortText, Text, WireModel

FOLDER: Final = Path(__file__).parent
_FENCE: Final = "---"
_SECTIONS: Final = ("## When to use it", "## Steps", "## What it never does")

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
Rules = Annotated[tuple["Rule", ...], Field(min_length=1, max_length=50)]


class PlaybookInvalid(Exception):
    """A playbook that cannot be used, with everything that is wrong with it."""

    def __init__(self, name: str, problems: Collection[str]) -> None:
        super().__init__(f"playbook {name!r}: " + "; ".join(problems))
        self.problems = tuple(problems)


class Rule(WireModel):
    """`text` is the demand; `enforced_by` names what holds it, `reviewer` where a person must look."""

    id: RuleId
    text: Text
    enforced_by: ShortText


class FrontMatter(WireModel):
    playbook_id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*_v[1-9][0-9]{0,2}$")]
    skill: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9.]*\.V[1-9][0-9]{0,2}$")]
    title: ShortText
    patterns: Annotated[tuple[ShortText, ...], Field(min_length=1)]
    inputs_schema: dict[str, JsonValue]
    output_schema: dict[str, JsonValue]
    qa_rubric: Rules
    boundary_constraints: Rules


@dataclass(frozen=True, slots=True)
class Playbook:
    front_matter: FrontMatter
    text: str


def load_playbooks(*, patterns: Collection[str], folder: Path = FOLDER) -> Mapping[str, Playbook]:
    """Shape: playbooks by id. Raises: PlaybookInvalid for the first that is not right."""
    loaded = [
        parse_playbook(path.stem, path.read_text(encoding="utf-8"), patterns=patterns)
        for path in sorted(folder.glob("*.md"))
    ]
    return {playbook.front_matter.playbook_id: playbook for playbook in loaded}


def parse_playbook(name: str, source: str, *, patterns: Collection[str]) -> Playbook:
    """Raises: PlaybookInvalid."""
    opening, _, rest = source.partition("\n")
    front, fence, text = rest.partition(f"\n{_FENCE}\n")
    if opening != _FENCE or not fence:
        raise PlaybookInvalid(name, [f"must begin with a front matter between two lines of {_FENCE!r}"])
    try:
        parsed = FrontMatter.model_validate_json(front)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise PlaybookInvalid(name, problems) from error
    problems = [*_problems(name, parsed, patterns), *_problems_of_text(text)]
    if problems:
        raise PlaybookInvalid(name, problems)
    return Playbook(parsed, text.strip())


def _problems(name: str, parsed: FrontMatter, patterns: Collection[str]) -> Iterator[str]:
    if parsed.playbook_id != name:
        yield f"playbook_id: must be the file's name, {name!r}"
    yield from (f"patterns: there is no {one!r}" for one in parsed.patterns if one not in patterns)
    for field, schema in (("inputs_schema", parsed.inputs_schema), ("output_schema", parsed.output_schema)):
        if schema.get("type") != "object":
            yield f"{field}.type: must be 'object'"
        yield from (f"{field}.{path}: {message}" for path, message in check_schema(schema))
    ids = Counter(rule.id for rule in (*parsed.qa_rubric, *parsed.boundary_constraints))
    yield from (f"{rule_id}: is used twice" for rule_id, count in ids.items() if count > 1)


def _problems_of_text(text: str) -> Iterator[str]:
    yield from (f"lacks the section {section!r}" for section in _SECTIONS if f"{section}\n" not in text)
