"""Evidence on the real stack: one correlation id leads through everything, and an edited audit log is noticed."""

import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from plant.evidence.audit_chain import CHECKPOINT_TYP, ChainRow, row_hash
from shared.contracts.trading import ExecutionState
from shared.keys import Issuer, Purpose
from shared.tokens import sign
from tests.actors import Operator
from tests.denied import CORRELATION, Scene, new_scene
from tests.forgery import signing_key
from tests.processes import another_worker
from tests.stack import Stack
from tests.stored import superuser
from tests.trades import eventually

TABLES = ("audit_log", "audit_heads", "audit_checkpoints")


@pytest_asyncio.fixture(scope="module")
async def audited(stack: Stack, admin: Operator) -> AsyncIterator[Scene]:
    """A customer with eight audit rows, a signed checkpoint at the sixth, and two rows after it."""
    async with new_scene(stack, admin) as scene:
        for _ in range(6):
            await scene.trader.draft()
        with another_worker(stack, called="checkpointer", COUNTERSIGN_CHECKPOINT_INTERVAL_S="0.2"):
            await eventually(lambda: checkpoints(scene), lambda seqs: seqs == [6])
        for _ in range(2):
            await scene.trader.draft()
        yield scene


async def checkpoints(scene: Scene) -> list[int]:
    async with superuser(scene.stack, "plant") as connection:
        rows = await connection.fetch(
            "SELECT seq FROM audit_checkpoints WHERE customer_id = $1 ORDER BY seq", scene.customer_id
        )
    return [row["seq"] for row in rows]


async def verify(scene: Scene) -> dict[str, Any]:
    """The verdict, which the customer and an operator are given alike."""
    own = await scene.http.get("/api/v1/audit/verify")
    overseen = await scene.operator.http.get(
        "/api/pp/audit/verify", params={"customer_id": str(scene.customer_id)}
    )
    assert own.json() == overseen.json()
    return own.json()


@dataclasses.dataclass(frozen=True, slots=True)
class Tamperer:
    """Somebody with all rights on the database, and none of the keys but one."""

    scene: Scene
    connection: asyncpg.Connection

    async def run(self, statement: str, *arguments: object) -> None:
        await self.connection.execute(statement, self.scene.customer_id, *arguments)

    async def edit(self, change: str, *, seq: int = 3) -> None:
        await self.run(f"UPDATE audit_log SET {change} WHERE customer_id = $1 AND seq = {seq}")  # noqa: S608  constants

    async def delete(self, condition: str) -> None:
        await self.run(f"DELETE FROM audit_log WHERE customer_id = $1 AND {condition}")  # noqa: S608  constants

    async def turn_head_back(self) -> None:
        await self.run(
            "UPDATE audit_heads h SET (seq, hash) = (SELECT seq, hash FROM audit_log l"
            " WHERE l.customer_id = h.customer_id ORDER BY seq DESC LIMIT 1) WHERE customer_id = $1"
        )

    async def swap(self, one: int, other: int) -> None:
        for change in ((one, -1), (other, one), (-1, other)):
            await self.run("UPDATE audit_log SET seq = $3 WHERE customer_id = $1 AND seq = $2", *change)

    async def rewrite_from(self, seq: int) -> None:
        """Change a row's story and make every hash after it right again."""
        await self.edit("""body = replace(body, '"actor"', '"aktor"')""", seq=seq)
        await self.run("""
            UPDATE audit_log SET body_hash = encode(sha256(convert_to(body, 'UTF8')), 'hex')
            WHERE customer_id = $1
        """)
        rows = await self.connection.fetch(
            "SELECT * FROM audit_log WHERE customer_id = $1 ORDER BY seq", self.scene.customer_id
        )
        await self._chain_again([ChainRow(**dict(row)) for row in rows])
        await self.turn_head_back()

    async def forget_everything(self) -> None:
        await self.delete("true")
        await self.run("DELETE FROM audit_heads WHERE customer_id = $1")

    async def forge_checkpoint(self) -> None:
        """Sign a head that suits, with a key of Plant's that is for something else."""
        await self.delete("seq > 4")
        await self.turn_head_back()
        key = signing_key(self.scene.stack, Issuer.PLANT, Purpose.IDENTITY)
        head = await self.connection.fetchval(
            "SELECT hash FROM audit_log WHERE customer_id = $1 AND seq = 4", self.scene.customer_id
        )
        claims = {"iss": "plant", "sub": str(self.scene.customer_id), "seq": 4, "hash": head, "iat": 0}
        await self.run(
            "UPDATE audit_checkpoints SET seq = 4, hash = $2, statement = $3 WHERE customer_id = $1",
            head,
            sign(claims, key=key, typ=CHECKPOINT_TYP),
        )

    async def _chain_again(self, rows: Sequence[ChainRow]) -> None:
        previous = rows[0].prev_hash
        for row in rows:
            chained = dataclasses.replace(row, prev_hash=previous)
            previous = row_hash(chained)
            await self.run(
                "UPDATE audit_log SET prev_hash = $3, hash = $4 WHERE customer_id = $1 AND seq = $2",
                row.seq,
                chained.prev_hash,
                previous,
            )


TAMPERINGS: dict[str, tuple[int, Callable[[Tamperer], Awaitable[None]]]] = {
    "edit a body": (3, lambda t: t.edit("body = replace(body, 'drafted', 'placed') || ' '")),
    "edit a body and its hash": (
        3,
        lambda t: t.edit("body = '{}', body_hash = encode(sha256('{}'), 'hex')"),
    ),
    "edit a kind": (3, lambda t: t.edit("kind = 'order.approved'")),
    "edit a time": (3, lambda t: t.edit("at = at + interval '1 microsecond'")),
    "edit a hash": (3, lambda t: t.edit("hash = repeat('a', 64)")),
    "delete the middle": (3, lambda t: t.delete("seq = 3")),
    "delete the beginning": (1, lambda t: t.delete("seq = 1")),
    "delete the tail": (7, lambda t: t.delete("seq > 6")),
    "reorder": (2, lambda t: t.swap(2, 3)),
    "chain everything again": (6, lambda t: t.rewrite_from(2)),
    "go back to before the checkpoint": (6, lambda t: _cut(t, "seq > 5")),
    "delete the whole log": (6, lambda t: t.forget_everything()),
    "forge a checkpoint": (4, lambda t: t.forge_checkpoint()),
}


async def _cut(tamperer: Tamperer, condition: str) -> None:
    await tamperer.delete(condition)
    await tamperer.turn_head_back()


async def test_untouched_log_is_ok(audited: Scene) -> None:
    verdict = await verify(audited)

    assert (verdict["ok"], verdict["rows"], verdict["first_broken_seq"]) == (True, 8, None)


@pytest.mark.parametrize("name", TAMPERINGS)
async def test_tampered_log_names_its_first_broken_row(audited: Scene, name: str) -> None:
    first_broken, tamper = TAMPERINGS[name]
    async with superuser(audited.stack, "plant") as connection:
        before = await copy_of(connection, audited.customer_id)
        try:
            await tamper(Tamperer(audited, connection))
            verdict = await verify(audited)
        finally:
            await put_back(connection, audited.customer_id, before)

    assert (verdict["ok"], verdict["first_broken_seq"]) == (False, first_broken), verdict["detail"]
    assert (await verify(audited))["ok"]


async def copy_of(connection: asyncpg.Connection, customer_id: UUID) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: [
            tuple(row)
            for row in await connection.fetch(
                f"SELECT * FROM {table} WHERE customer_id = $1",  # noqa: S608  constants
                customer_id,
            )
        ]
        for table in TABLES
    }


async def put_back(
    connection: asyncpg.Connection, customer_id: UUID, rows: dict[str, list[tuple[Any, ...]]]
) -> None:
    for table in TABLES:
        await connection.execute(f"DELETE FROM {table} WHERE customer_id = $1", customer_id)  # noqa: S608  constants
        await connection.copy_records_to_table(table, records=rows[table])


async def test_one_correlation_id_leads_from_the_request_to_the_order(stack: Stack, admin: Operator) -> None:
    async with new_scene(stack, admin) as scene:
        approved = await scene.trader.approved()
        answer = await scene.run(**approved.intent)
        correlation_id = answer.headers[CORRELATION]
        execution_id = answer.json()["execution"]["execution_id"]
        await scene.trader.until(UUID(execution_id), ExecutionState.FILLED)
        await scene.trader.settled(UUID(execution_id))

        query = {"correlation_id": correlation_id}
        found = {
            name: (await admin.http.get(f"/api/pp/{name}", params=query)).json()["items"]
            for name in ("usage-events", "decision-traces", "policy-denials")
        }
        audit = (await scene.http.get("/api/v1/audit")).json()["items"]

        assert [event["kind"] for event in found["usage-events"]] == ["execution"]
        (trace,) = found["decision-traces"]
        assert (trace["verdict"], trace["action_hash"]) == ("allow", approved.draft.draft.action_hash)
        assert trace["outcome"]["state"] == "filled"
        assert found["policy-denials"] == []
        kinds = [row["kind"] for row in audit if row["body"]["correlation_id"] == correlation_id]
        assert sorted(kinds) == ["execution.released", "execution.settled"]
        for service in ("cp", "gateway", "plant"):
            events = [
                json.loads(line) for line in stack.log_text(service).splitlines() if correlation_id in line
            ]
            assert "request.answered" in {event["event"] for event in events}, service
        async with superuser(stack, "cp") as connection:
            released = await connection.fetchval(
                "SELECT execution_id FROM credential_releases WHERE correlation_id = $1 AND purpose = 'execute'",
                UUID(correlation_id),
            )
        assert str(released) == execution_id


async def test_denials_are_found_by_every_filter(scene: Scene, other_scene: Scene) -> None:
    draft = await scene.trader.draft()
    denied = (await scene.execute(draft.deliverable_id)).json()
    await other_scene.execute((await other_scene.trader.draft()).deliverable_id)
    record = await scene.stored_denial(UUID(denied["correlation_id"]))
    at = record.at.isoformat()

    async def found(**query: str) -> list[str]:
        answer = await scene.operator.http.get("/api/pp/policy-denials", params={"limit": "200", **query})
        assert answer.status_code == 200, answer.text
        return [item["decision_id"] for item in answer.json()["items"]]

    wanted = denied["decision_id"]
    own = {"customer_id": str(scene.customer_id)}
    for query in (
        own,
        {"correlation_id": denied["correlation_id"]},
        own | {"agent_id": "AGT-TRD-DELTA-001"},
        own | {"action": "place_order"},
        own | {"reason": "approval_required"},
        own | {"from": at},
    ):
        assert wanted in await found(**query), query
    for query in (
        {"customer_id": str(other_scene.customer_id)},
        own | {"agent_id": "AGT-X"},
        own | {"action": "close_position"},
        own | {"reason": "kill_switch"},
        own | {"to": at},
    ):
        assert wanted not in await found(**query), query


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-01-01T00:00:00"]
)
async def test_moment_that_no_calendar_can_take_is_refused(scene: Scene, moment: str) -> None:
    for query in ({"from": moment}, {"to": moment}):
        answer = await scene.http.get("/api/v1/policy-denials", params=query)
        assert (answer.status_code, answer.json()["reason"]) == (422, "validation_failed")


async def test_operators_look_is_on_record(scene: Scene) -> None:
    correlation_id = UUID("01a1fa00-0000-7000-8000-000000000001")
    await scene.operator.http.get("/api/pp/policy-denials", headers={CORRELATION: str(correlation_id)})

    async with superuser(scene.stack, "plant") as connection:
        looks = await connection.fetch(
            "SELECT actor, purpose FROM operator_access WHERE correlation_id = $1", correlation_id
        )

    assert [tuple(look) for look in looks] == [
        (f"operator:{scene.operator.operator_id}", "/internal/v1/oversight/policy-denials")
    ]
