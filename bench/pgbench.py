"""The peer of a release: pgbench with the statements that a real release has just issued, in the same order.

They are captured from the driver and rewritten as little as pgbench allows: ids are counted instead of
random, and hashes made from the count; every other value is the captured one.
"""

import asyncio
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from asyncpg.connection import LoggedQuery

from bench.made_ids import ACCOUNTS_PER_LANE, LANE_SIZE, Kind
from bench.world import World
from cli.stack.postgres import binaries
from plant.execution.inputs import ReleaseCommand
from plant.execution.release import execute

_PARAMETER = re.compile(r"\$(\d+)")
_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_LATENCY = re.compile(r"^\s+([\d.]+)\s+\d+\s+(.+)$", re.MULTILINE)
_RELEASE = ":release::bigint"
_ACCOUNT = ":account::bigint"


class PgbenchError(Exception):
    """pgbench did not carry out every transaction."""


@dataclass(frozen=True, slots=True)
class Captured:
    """The statements of one release, and what is to be counted instead of repeated."""

    queries: Sequence[LoggedQuery]
    command: ReleaseCommand


@dataclass(slots=True)
class Script:
    """Shape: `constants` maps a variable of the script to its value; `statements` are its numbered commands."""

    statements: list[str] = field(default_factory=list[str])
    constants: dict[str, str] = field(default_factory=dict[str, str])

    def text(self, *, accounts: int) -> str:
        """`lane` is the first lane, each client has its own; `done` counts what a client has carried out."""
        counting = [
            f"\\set release (:lane + :client_id) * {LANE_SIZE} + :done",
            f"\\set account (:lane + :client_id) * {ACCOUNTS_PER_LANE} + :done % {accounts}",
            "\\set done :done + 1",
        ]
        return "\n".join([*counting, *self.statements, ""])


@dataclass(frozen=True, slots=True)
class Outcome:
    """Units: transactions per second, and milliseconds per transaction for each statement in order."""

    per_s: float
    statement_ms: Mapping[str, float]


async def capture(world: World, *, first: ReleaseCommand, second: ReleaseCommand) -> Captured:
    """Carry out two releases and keep what the driver sent for the second: a connection's first use asks for types."""
    queries: list[LoggedQuery] = []
    await world.make_fresh()
    async with world.desk(connections=1) as desk:
        await execute(desk, first)
        async with desk.database.pool.acquire() as connection:
            connection.add_query_logger(queries.append)
        await execute(desk, second)
    return Captured(tuple(queries), second)


def make_script(captured: Captured) -> Script:
    script = Script()
    counted = _counted_ids(captured)
    for query in captured.queries:
        parts = [part.strip() for part in query.query.split(";") if part.strip()]
        if len(parts) > 1:
            script.statements += [
                "\\startpipeline",
                *(_literal(part, counted) for part in parts),
                "\\endpipeline",
            ]
        else:
            script.statements.append(_statement(parts[0], query.args, script, counted=counted))
    return script


async def run_script(
    world: World,
    script: Script,
    *,
    folder: Path,
    clients: int,
    transactions: int,
    lane: int,
    done: int,
    accounts: int,
) -> Outcome:
    """Raises: PgbenchError."""
    file = folder / "release.pgbench"
    file.write_text(script.text(accounts=accounts), encoding="utf-8")
    parts = urlsplit(world.runtime_url)
    variables = {**script.constants, "lane": str(lane), "done": str(done)}
    command = [
        *(str(binaries() / "pgbench"), "-n", "-r", "-M", "prepared", "-f", str(file)),
        *("-c", str(clients), "-j", str(min(clients, 2)), "-t", str(transactions)),
        *(f"--define={name}={value}" for name, value in variables.items()),
        *("-h", str(parts.hostname), "-p", str(parts.port), "-U", str(parts.username), parts.path.strip("/")),
    ]
    output = await _run(command, password=str(parts.password))
    return Outcome(float(_one(_TPS, output)), {text: float(ms) for ms, text in _LATENCY.findall(output)})


async def _run(command: Sequence[str], *, password: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PGPASSWORD": password, "PGOPTIONS": "-c search_path=public,procrastinate"},
    )
    out, errors = await process.communicate()
    if process.returncode:
        raise PgbenchError(errors.decode()[-2000:])
    return out.decode()


def _counted_ids(captured: Captured) -> dict[str, str]:
    """Shape: maps a value as text to the SQL that makes it anew for each transaction."""
    command = captured.command
    counted = {
        str(command.account.customer_id): f"bench_id({Kind.CUSTOMER}, {_ACCOUNT})",
        str(command.account.credential_ref): f"bench_id({Kind.ACCOUNT}, {_ACCOUNT})",
        str(command.deliverable_id): f"bench_id({Kind.DELIVERABLE}, {_RELEASE})",
        str(command.approval_id): f"bench_id({Kind.APPROVAL}, {_RELEASE})",
        command.action.action_hash(): f"bench_hash({_RELEASE})",
    }
    fresh = dict.fromkeys(
        str(argument)
        for query in captured.queries
        for argument in query.args
        if isinstance(argument, UUID) and str(argument) not in counted
    )
    made = {text: f"bench_id({Kind.FRESH + index}, {_RELEASE})" for index, text in enumerate(fresh)}
    return counted | made


def _literal(statement: str, counted: Mapping[str, str]) -> str:
    for text, sql in counted.items():
        statement = statement.replace(f"'{text}'", f"{sql}::text")
    return f"{statement};"


def _statement(text: str, arguments: Sequence[object], script: Script, *, counted: Mapping[str, str]) -> str:
    def replace(match: re.Match[str]) -> str:
        return _value(arguments[int(match[1]) - 1], script, counted=counted)

    return " ".join(f"{_PARAMETER.sub(replace, text)};".split())


def _value(argument: object, script: Script, *, counted: Mapping[str, str]) -> str:
    if argument is None:
        return "NULL"
    text = _text(argument)
    if text in counted:
        return counted[text]
    if _is_client_order_id(text):
        return f"('cs' || lpad(({_RELEASE})::text, 26, '0'))"
    name = f"v{len(script.constants)}"
    script.constants[name] = text
    return f":{name}"


def _is_client_order_id(text: str) -> bool:
    return re.fullmatch(r"cs[a-z2-7]{26}", text) is not None


def _text(argument: object) -> str:
    match argument:
        case bool():
            return "true" if argument else "false"
        case datetime():
            return argument.isoformat()
        case timedelta():
            return f"{argument.total_seconds()} seconds"
        case dict():
            return json.dumps(argument, separators=(",", ":"))
        case list() | tuple():
            items = cast("Sequence[object]", argument)  # a parameter of the driver, of any items
            return "{" + ",".join(json.dumps(str(item)) for item in items) + "}"
        case _:
            return str(argument)


def _one(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise PgbenchError(f"pgbench said something else than expected: {text[-1000:]}")
    return found[1]
