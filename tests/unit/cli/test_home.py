from pathlib import Path

import pytest

from cli.stack.errors import StackError
from cli.stack.home import locked, make_home


def test_a_home_is_held_by_one_stack_at_a_time(tmp_path: Path) -> None:
    home = make_home(tmp_path)

    with locked(home), pytest.raises(StackError, match="already running"), locked(home):
        pytest.fail("the second one got in")
    with locked(home):
        pass


def test_a_home_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StackError, match="set COUNTERSIGN_HOME"):
        make_home(tmp_path / "file" / "home")


def test_private_keys_are_kept_from_others(tmp_path: Path) -> None:
    assert make_home(tmp_path).keys.stat().st_mode & 0o077 == 0
