"""What import contracts cannot see: who makes permits, readies posts, opens bundles, catches everything, writes SQL."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import is_migration, parse, source_files

PERMIT_MAKERS = {"services/plant/enforcement/gates.py"}
POST_PREPARERS = {"services/plant/publishers/base.py"}
BUNDLE_OPENERS = {"services/plant/credentials/sessions.py"}
OUTERMOST = {
    "services/cp_backend/notifications/delivery.py",
    "services/plant/enforcement/gates.py",
    "services/plant/worker.py",
    "shared/outbox/actions.py",
    "shared/outbox/backlog/actions.py",
    "shared/web/envelope.py",
}
SQL_OUTSIDE_STORES = {
    "cli/doctor.py",
    "cli/stack/dump.py",
    "cli/stack/provision.py",
    "shared/db.py",
    "shared/jobs.py",
    "shared/migrations.py",
    "shared/portal_schema/revision_0001.py",
    "shared/start.py",
}
MIGRATION_IMPORTS = {"alembic", "procrastinate", "shared"}

_SQL = re.compile(r"\s*(SELECT\s|INSERT INTO\s|UPDATE\s+\S+\s+SET\s|DELETE FROM\s|WITH\s+\w+\s+AS\s)")
_QUERY_METHODS = {"fetch", "fetchrow", "fetchval", "execute", "executemany", "cursor"}

Finder = Callable[[ast.Module], bool]


def makes_permit(module: ast.Module) -> bool:
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    return any(_last_name(call.func) == "Permit" for call in calls) or _renames(module, "Permit")


def prepares_post(module: ast.Module) -> bool:
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    return any(_last_name(call.func) == "PreparedPost" for call in calls) or _renames(module, "PreparedPost")


def opens_bundle(module: ast.Module) -> bool:
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    return any(_last_name(call.func) == "open_bundle" for call in calls) or _renames(module, "open_bundle")


def catches_everything(module: ast.Module) -> bool:
    """A handler that ends by raising the same again catches nothing."""
    return any(_is_broad(caught) for node in ast.walk(module) for caught in _caught_by(node))


def contains_sql(module: ast.Module) -> bool:
    return any(
        (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and _SQL.match(node.value) is not None
        )
        or _is_query(node)
        for node in ast.walk(module)
    )


@pytest.mark.parametrize(
    ("finder", "allowed"),
    [
        (makes_permit, PERMIT_MAKERS),
        (prepares_post, POST_PREPARERS),
        (opens_bundle, BUNDLE_OPENERS),
        (catches_everything, OUTERMOST),
    ],
)
def test_guarded_deed_is_done_in_the_listed_files_only(finder: Finder, allowed: set[str]) -> None:
    assert _files_where(finder) == allowed


def test_sql_is_written_in_stores_and_migrations_only() -> None:
    elsewhere = {
        path
        for path in _files_where(contains_sql)
        if Path(path).name != "store.py" and not is_migration(Path(path))
    }

    assert elsewhere <= SQL_OUTSIDE_STORES


@pytest.mark.parametrize("path", [p for p in source_files() if is_migration(p)], ids=str)
def test_migration_imports_no_code_of_its_service(path: Path) -> None:
    roots = {name.split(".")[0] for name in _imports(parse(path))}

    assert roots <= MIGRATION_IMPORTS


@pytest.mark.parametrize(
    ("finder", "text"),
    [
        (makes_permit, "permit = Permit(action_hash, execution_id)"),
        (makes_permit, "permit = permits.Permit(action_hash, execution_id)"),
        (makes_permit, "from plant.permits import Permit as Pass"),
        (prepares_post, "ready = PreparedPost(path='/api/v1/statuses', body=b'')"),
        (opens_bundle, "contents = open_bundle(bundle, key=key)"),
        (opens_bundle, "from shared.bundle_format import open_bundle as unpack"),
        (catches_everything, "try:\n    f()\nexcept Exception:\n    pass"),
        (catches_everything, "try:\n    f()\nexcept (ValueError, BaseException):\n    pass"),
        (catches_everything, "try:\n    f()\nexcept:\n    pass"),
        (catches_everything, "with suppress(Exception):\n    f()"),
        (contains_sql, "QUERY = 'SELECT 1'"),
        (contains_sql, "query = f'\\nUPDATE {table} SET a = 1'"),
        (contains_sql, "await session.connection.fetchrow(query)"),
    ],
)
def test_violation_is_found(finder: Finder, text: str) -> None:
    assert finder(ast.parse(text))


@pytest.mark.parametrize(
    ("finder", "text"),
    [
        (makes_permit, "def send(permit: Permit) -> None: ..."),
        (catches_everything, "try:\n    f()\nexcept (ValueError, OSError):\n    pass"),
        (catches_everything, "try:\n    f()\nexcept BaseException:\n    undo()\n    raise"),
        (contains_sql, "text = 'Select an account, then update it'"),
    ],
)
def test_harmless_code_is_not_found(finder: Finder, text: str) -> None:
    assert not finder(ast.parse(text))


def _files_where(finder: Finder) -> set[str]:
    return {str(path) for path in source_files() if finder(parse(path))}


def _last_name(node: ast.expr | None) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return None


def _renames(module: ast.Module, name: str) -> bool:
    imports = (node for node in ast.walk(module) if isinstance(node, ast.ImportFrom))
    return any(
        alias.name == name and alias.asname not in (None, name) for node in imports for alias in node.names
    )


def _caught_by(node: ast.AST) -> Iterator[ast.expr | None]:
    match node:
        case ast.ExceptHandler(body=[*_, ast.Raise(exc=None)]):
            return
        case ast.ExceptHandler(type=ast.Tuple(elts=caught)):
            yield from caught
        case ast.ExceptHandler(type=caught):
            yield caught
        case ast.Call(func=function, args=arguments) if _last_name(function) == "suppress":
            yield from arguments
        case _:
            return


def _is_broad(caught: ast.expr | None) -> bool:
    return caught is None or _last_name(caught) in ("Exception", "BaseException")


def _is_query(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Attribute(attr="connection"), attr=method):
            return method in _QUERY_METHODS
        case ast.JoinedStr():
            return _SQL.match(ast.unparse(node)[2:].replace("\\n", "\n")) is not None
        case _:
            return False


def _imports(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(name)):
                yield name
            case _:
                continue
