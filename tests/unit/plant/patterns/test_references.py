"""References: what they find, what type they give, and that what they bring in is never looked at again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from plant.patterns.references import BadReference, MissingValue, parse_template
from plant.patterns.values import Scope

_SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
_JSON: st.SearchStrategy[JsonValue] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)

SCOPE: Scope = {
    "inputs": {
        "name": "Ada",
        "count": 3,
        "open": True,
        "nothing": None,
        "items": [{"price": "1.5"}, "x"],
        "fields": {"a": 1},
        "sly": "{{inputs.name}}",
    },
    "steps": {"first": {"total": 7}},
}


def resolve(value: JsonValue, scope: Scope = SCOPE) -> JsonValue:
    return parse_template(value).resolve(scope)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{{inputs.count}}", 3),
        ("{{ inputs.count }}", 3),
        ("{{inputs.open}}", True),
        ("{{inputs.nothing}}", None),
        ("{{inputs.fields}}", {"a": 1}),
        ("{{inputs.items.0.price}}", "1.5"),
        ("{{steps.first}}", {"total": 7}),
        ("{{steps.first.total}}", 7),
        ("Hello {{inputs.name}}, {{inputs.count}} of {{inputs.open}}", "Hello Ada, 3 of true"),
        ("{{inputs.name}}{{inputs.name}}", "AdaAda"),
        ("{{inputs.missing ?? 5}}", 5),
        ("{{inputs.nothing ?? 5}}", 5),
        ("{{inputs.count ?? 5}}", 3),
        ('{{inputs.missing ?? {"a": {}}}}', {"a": {}}),
        ('{{inputs.missing ?? "}}"}}', "}}"),
        ('a{{inputs.missing ?? ""}}b', "ab"),
        ([1, "{{inputs.count}}", {"k": "{{inputs.name}}"}], [1, 3, {"k": "Ada"}]),
        ("{{inputs.sly}}", "{{inputs.name}}"),
        ("so {{inputs.sly}}", "so {{inputs.name}}"),
        ("a } } { {b}", "a } } { {b}"),
    ],
)
def test_reference_gives_what_is_there(value: JsonValue, expected: JsonValue) -> None:
    found = resolve(value)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "path",
    [
        "inputs.missing",
        "inputs.name.upper",
        "inputs.count.real",
        "inputs.fields.__class__",
        "inputs.items.2",
        "inputs.items.append",
        "inputs.nothing.further",
        "steps.second",
        "steps.first.other",
    ],
)
def test_missing_path_is_an_error_that_names_it(path: str) -> None:
    with pytest.raises(MissingValue, match=path.replace(".", r"\.")):
        resolve(f"{{{{{path}}}}}")


@pytest.mark.parametrize("path", ["inputs.nothing", "inputs.fields", "inputs.items"])
def test_what_is_no_text_cannot_stand_within_one(path: str) -> None:
    with pytest.raises(MissingValue, match=path):
        resolve(f"it is {{{{{path}}}}}")


@pytest.mark.parametrize(
    "text",
    [
        "{{",
        "{{}}",
        "{{inputs.a",
        "{{inputs.a}",
        "{{inputs.a()}}",
        "{{inputs.a + 1}}",
        "{{inputs['a']}}",
        "{{inputs..a}}",
        "{{inputs.a ?? }}",
        "{{inputs.a ?? x}}",
        "{{inputs.a ? 1}}",
        "{{inputs.a | upper}}",
        "{{state.a}}",
        "{{steps}}",
        "{{steps.a}} {{os.environ}}",
        "{{inputs.0000000000000000001}}",
        "{{{inputs.a}}}",
        "{{inputs.items.-1}}",
    ],
)
def test_what_is_no_reference_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(BadReference) as caught:
        parse_template({"list": ["fine", text]})

    assert caught.value.path == "list.1"


def test_too_many_references_are_refused() -> None:
    parse_template("{{inputs.a}}" * 64)

    with pytest.raises(BadReference):
        parse_template("{{inputs.a}}" * 65)


@given(value=_JSON, names=st.lists(_NAMES, min_size=1, max_size=4))
def test_whole_reference_gives_exactly_the_value(value: JsonValue, names: list[str]) -> None:
    nested: JsonValue = value
    for name in reversed(names):
        nested = {name: nested}

    found = resolve(f"{{{{inputs.{'.'.join(names)}}}}}", {"inputs": nested})

    assert found == value
    assert type(found) is type(value)


@given(text=st.text(max_size=40))
def test_text_that_a_reference_brings_in_comes_through_unchanged(text: str) -> None:
    scope: Scope = {"inputs": {"a": text}}

    assert resolve("{{inputs.a}}", scope) == text
    assert resolve("<{{inputs.a}}>", scope) == f"<{text}>"


@given(value=_JSON)
def test_value_without_braces_resolves_to_itself(value: JsonValue) -> None:
    if "{{" not in repr(value):
        assert resolve(value) == value


@given(text=st.text(alphabet='{}inputs.a?0" ', max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        template = parse_template(text)
    except BadReference:
        return

    assert ("{{" in text) == bool(template.references)
