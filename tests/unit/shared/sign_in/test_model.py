"""Roles include the ones below; a CSRF token belongs to one session and gives nothing of it away."""

import pytest

from shared.contracts.sign_in import Role
from shared.sign_in.model import csrf_token_of, has_role, is_csrf_token_of, make_session_token, token_digest

ORDER = (Role.VIEWER, Role.OPERATOR, Role.ADMIN)


@pytest.mark.parametrize("needed", ORDER)
@pytest.mark.parametrize("held", ORDER)
def test_role_includes_those_below(held: Role, needed: Role) -> None:
    assert has_role([held], needed=needed) == (ORDER.index(held) >= ORDER.index(needed))


def test_nobody_without_roles_may_anything() -> None:
    assert not has_role([], needed=Role.VIEWER)


def test_csrf_token_belongs_to_its_session_only() -> None:
    token, other = make_session_token(), make_session_token()

    assert is_csrf_token_of(token, presented=csrf_token_of(token))
    assert not is_csrf_token_of(token, presented=csrf_token_of(other))
    assert not is_csrf_token_of(token, presented="é")
    assert csrf_token_of(token) != token_digest(token).hex()
