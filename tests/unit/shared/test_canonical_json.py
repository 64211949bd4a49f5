"""The fast encoder gives the bytes of RFC 8785 for everything that is hashed, above all for actions."""

import hashlib
from decimal import Decimal

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared.approvals.action import Action, ActionKind, OrderParams
from shared.canonical_json import canonical_json
from shared.money import canonical_decimal
from shared.posts.model import Platform, PostParams, Visibility

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _TEXT
_KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner), max_leaves=12)

_NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.:\-]{0,99}\Z")
_DECIMALS = st.decimals(Decimal(0), Decimal(10**12), allow_nan=False, places=8).map(canonical_decimal)


def _actions(*, names: st.SearchStrategy[str], decimals: st.SearchStrategy[str]) -> st.SearchStrategy[Action]:
    params = st.builds(
        OrderParams.model_construct,
        product_symbol=names,
        side=st.sampled_from(["buy", "sell"]),
        size=decimals,
        order_type=st.sampled_from(["limit_order", "market_order"]),
        limit_price=st.none() | decimals,
        reduce_only=st.booleans(),
        time_in_force=st.sampled_from(["gtc", "ioc"]),
    )
    return st.builds(
        Action.model_construct,
        v=st.just(1),
        kind=st.sampled_from([kind for kind in ActionKind if kind is not ActionKind.PUBLISH_POST]),
        provider=names,
        credential_ref=st.uuids(),
        customer_id=st.uuids(),
        hired_instance_id=st.none() | st.uuids(),
        params=params,
    )


_POSTS = st.builds(
    Action.model_construct,
    v=st.just(1),
    kind=st.just(ActionKind.PUBLISH_POST),
    provider=st.just("mastodon"),
    credential_ref=st.uuids(),
    customer_id=st.uuids(),
    hired_instance_id=st.none() | st.uuids(),
    params=st.builds(
        PostParams.model_construct,
        platform=st.just(Platform.MASTODON),
        language=st.just("en"),
        text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
        visibility=st.sampled_from(Visibility),
        posting_identity=st.none() | _NAMES,
        scheduled_for=st.none() | st.just("2026-12-01T09:00:00Z"),
    ),
)


@given(value=_VALUES)
def test_any_value_without_floats_is_written_as_rfc_8785_does(value: object) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)  # pyright: ignore[reportArgumentType] JSON by its strategy


@given(action=_actions(names=_NAMES, decimals=_DECIMALS) | _POSTS)
def test_any_action_that_parses_is_written_as_rfc_8785_does(action: Action) -> None:
    parsed = Action.model_validate(action.model_dump())

    written = parsed.canonical_json()

    assert written == rfc8785.dumps(parsed.model_dump(mode="json"))
    assert parsed.action_hash() == "sha256:" + hashlib.sha256(written).hexdigest()


@given(action=_actions(names=_TEXT, decimals=_TEXT))
def test_action_with_any_text_is_written_as_rfc_8785_does(action: Action) -> None:
    """Names are ASCII today; the bytes must stay the same if a later action carries a person's words."""
    written = action.canonical_json()

    assert written == rfc8785.dumps(action.model_dump(mode="json"))
