"""The scorecard: what was tried, what was expected, what was seen, and the verdict; as a table and as JSON."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.markup import escape
from rich.table import Table

from cli.attack.model import Demand, NotTried, Result, Verdict
from cli.console import console
from cli.stack.errors import StackError

_COLOURS = {Verdict.HELD: "green", Verdict.BREACH: "bold red", Verdict.UNDECIDED: "bold red"}
_MOST_SHOWN = 6
_WIDEST = 70
_ANSWER = re.compile(r"[1-5]\d\d\b")


class Entry(BaseModel):
    """One attack in the JSON, as the generated pages read it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line: str
    title: str
    verdict: Verdict
    proves: tuple[Demand, ...]


class Scorecard(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    attacks: tuple[Entry, ...]


def print_scorecard(results: Sequence[Result], *, not_tried: Sequence[NotTried]) -> None:
    table = Table("line", "what is tried", "expected", "seen", "verdict", show_lines=True)
    for result in results:
        colour = _COLOURS.get(result.verdict, "dim")
        table.add_row(
            result.attack.line,
            escape(result.attack.tried),
            escape(_summed_up((fact.what, fact.expected) for fact in result.facts)),
            escape(_seen(result)),
            f"[{colour}]{result.verdict}[/]",
        )
    console.print(table)
    for known in not_tried:
        by = f": {', '.join(known.by)}" if known.by else ""
        console.print(
            f"  [dim]{known.line:>4} {escape(known.title)}: {known.verdict}, {known.reason}{by}[/]",
            soft_wrap=True,
        )
    _print_failures(results)


def count_verdicts(results: Iterable[Result], *, not_tried: Iterable[NotTried]) -> str:
    counts = Counter([*(result.verdict for result in results), *(known.verdict for known in not_tried)])
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])


def scorecard_json(results: Sequence[Result], *, not_tried: Sequence[NotTried]) -> str:
    card = {
        "counts": Counter(result.verdict.value for result in results),
        "attacks": [_entry(result) for result in results],
        "not_tried": [
            {
                "line": known.line,
                "title": known.title,
                "verdict": known.verdict,
                "reason": known.reason,
                "by": known.by,
            }
            for known in not_tried
        ],
    }
    return json.dumps(card, indent=2)


def read_scorecard(path: Path) -> Scorecard:
    """Raises: StackError when it is not what `countersign attack --json` writes."""
    try:
        return Scorecard.model_validate_json(path.read_text())
    except (OSError, ValidationError) as error:
        raise StackError(
            f"{path} is no scorecard: make one with `countersign attack --json {path}`"
        ) from error


def _entry(result: Result) -> dict[str, object]:
    facts = [
        {"what": fact.what, "expected": fact.expected, "seen": fact.seen, "held": fact.held}
        for fact in result.facts
    ]
    return {
        "line": result.attack.line,
        "title": result.attack.title,
        "tried": result.attack.tried,
        "verdict": result.verdict,
        "proves": result.attack.proves,
        "facts": facts,
        "trouble": result.trouble,
        "seconds": round(result.seconds, 2),
    }


def _seen(result: Result) -> str:
    """What differs from what was expected."""
    others = [(fact.what, fact.seen) for fact in result.facts if not fact.held]
    as_expected = f"as expected ({len(result.facts) - len(others)} facts)"
    return "\n".join(filter(None, [as_expected, _summed_up(others), result.trouble]))


def _summed_up(facts: Iterable[tuple[str, str]]) -> str:
    """Equal answers once with their number, effects each by name and first."""
    texts = Counter(text if _ANSWER.match(text) else f"{what}: {text}" for what, text in facts)
    effects_first = sorted(texts.items(), key=lambda item: _ANSWER.match(item[0]) is not None)
    lines = [_line(text, number) for text, number in effects_first]
    left = len(lines) - _MOST_SHOWN
    return "\n".join([*lines[:_MOST_SHOWN], *([f"and {left} more"] if left > 0 else [])])


def _line(text: str, number: int) -> str:
    short = text if len(text) <= _WIDEST else f"{text[:_WIDEST]}..."
    return f"{number}x {short}" if number > 1 else short


def _print_failures(results: Iterable[Result]) -> None:
    for result in results:
        for fact in result.facts:
            if not fact.held:
                said = f"{result.attack.line} {fact.what}: expected {fact.expected}, seen {fact.seen}"
                console.print(f"[red]✗[/] {escape(said)}", soft_wrap=True)
        if result.trouble:
            console.print(f"[red]✗[/] {result.attack.line} {escape(result.trouble)}", soft_wrap=True)
