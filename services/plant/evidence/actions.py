"""Recording decisions, and reading them back: one verb each. Callers hold the transaction where they record."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from decimal import Decimal

from plant.evidence import store
from plant.evidence.audit_chain import CHECKPOINT_TYP, verify_chain, verify_records
from plant.evidence.model import Denial, JsonObject, Subject, Trace, Usage
from shared.contracts.evidence import AuditVerdict, DeliverDenial
from shared.correlation import current_correlation_id
from shared.db import Database, Lookup, OversightSession, Session
from shared.denials import DenialReason
from shared.errors import PlatformError, denied
from shared.identity import Identity
from shared.ids import CustomerId, DecisionId, ExecutionId, uuid7
from shared.keys import Issuer, SigningKey, TrustStore
from shared.metrics import DECISIONS
from shared.tokens import sign


async def record_denial(
    session: Session, denial: Denial, *, subject: Subject, trace: Trace | None = None
) -> None:
    """Store a denial with its audit row, before the answer goes out; one that is stored already changes nothing.

    Requires: the transaction that the denial was decided in; it must commit.
    """
    if not await store.insert_denial(session, denial, subject=subject):
        return
    if trace is not None:
        await store.insert_trace(session, trace, subject=subject)
    body = _body(
        subject,
        {
            "decision_id": str(denial.decision_id),
            "reason": denial.reason.value,
            "risk_codes": list(denial.risk_codes),
            "stage": denial.stage,
        },
    )
    await store.append_audit(session, customer_id=subject.customer_id, kind="decision.denied", body=body)
    DECISIONS.labels("deny", denial.reason.value).inc()


async def deny(
    database: Database,
    reason: DenialReason,
    *,
    stage: str,
    detail: str,
    subject: Subject,
    risk_codes: tuple[str, ...] = (),
) -> PlatformError:
    """Store a denial in a transaction of its own, and return it as the error to raise."""
    denial = Denial(DecisionId(uuid7()), reason, stage, detail, risk_codes)
    async with database.tenant(subject.customer_id) as session:
        await record_denial(session, denial, subject=subject)
    return denied(reason, detail=detail, risk_codes=risk_codes, decision_id=denial.decision_id)


async def take_in_denial(database: Database, delivered: DeliverDenial, *, caller: Identity) -> None:
    """Keep a denial that a portal decided, with the correlation id that it was decided under."""
    assert caller.customer_id is not None
    denial = Denial(
        DecisionId(delivered.decision_id),
        delivered.reason,
        stage=f"{caller.issuer}.{delivered.stage}",
        detail=delivered.detail,
    )
    subject = Subject(
        customer_id=caller.customer_id,
        correlation_id=caller.correlation_id,
        actor=delivered.actor,
        action_kind=delivered.action_kind,
        action_hash=delivered.action_hash,
    )
    async with database.tenant(caller.customer_id) as session:
        await record_denial(session, denial, subject=subject)


async def record_allow(session: Session, trace: Trace, *, subject: Subject, usage: Usage, kind: str) -> None:
    """Store what was allowed: its trace, what it used, and its audit row.

    Requires: the transaction that the decision takes effect in.
    """
    facts = {"trace_id": str(trace.trace_id), "execution_id": str(trace.execution_id or ""), **usage.details}
    body = _body(subject, facts)
    await store.insert_allow(session, trace, subject=subject, usage=usage, kind=kind, body=body)
    DECISIONS.labels("allow", "").inc()


async def record_event(session: Session, *, subject: Subject, kind: str, facts: JsonObject) -> None:
    """Add an audit row. Requires: the transaction of the change that it records."""
    await store.append_audit(session, customer_id=subject.customer_id, kind=kind, body=_body(subject, facts))


async def record_outcome(
    session: Session, outcome: JsonObject, *, subject: Subject, execution_id: ExecutionId
) -> None:
    """Add what came of an execution to its trace and to the audit log."""
    await store.insert_outcome(session, outcome, customer_id=subject.customer_id, execution_id=execution_id)
    facts = {"execution_id": str(execution_id), **outcome}
    await record_event(session, subject=subject, kind="execution.settled", facts=facts)


@asynccontextmanager
async def oversee(database: Database, *, caller: Identity, purpose: str) -> AsyncGenerator[OversightSession]:
    """Open a session that sees all customers, for an operator; that they looked is recorded with it."""
    async with database.oversight(actor=caller.actor) as session:
        await store.insert_operator_access(session, purpose=purpose, correlation_id=current_correlation_id())
        yield session


def usage_this_month(customer_id: CustomerId) -> Lookup[tuple[int, Decimal]]:
    """Units: tasks, and cost in USD."""
    return store.usage_this_month(customer_id)


async def verify_audit(session: Session, *, customer_id: CustomerId, trust: TrustStore) -> AuditVerdict:
    rows, checkpoints, head = await store.load_chain(session, customer_id)
    recorded = await store.load_recorded(session, customer_id)
    verdict = verify_chain(rows, checkpoints=checkpoints, head_seq=head, trust=trust)
    return verify_records(rows, recorded) if verdict.ok else verdict


async def write_checkpoints(database: Database, *, key: SigningKey) -> int:
    """Sign the head of every chain that has moved since its last checkpoint; return how many."""
    async with database.oversight(actor="service:checkpoints") as session:
        heads = await store.heads_without_checkpoint(session)
        for customer_id, seq, head_hash in heads:
            claims = {
                "iss": Issuer.PLANT,
                "sub": str(customer_id),
                "seq": seq,
                "hash": head_hash,
                "iat": int(time.time()),
            }
            statement = sign(claims, key=key, typ=CHECKPOINT_TYP)
            await store.insert_checkpoint(
                session, customer_id=customer_id, seq=seq, head_hash=head_hash, statement=statement
            )
    return len(heads)


def _body(subject: Subject, facts: JsonObject) -> dict[str, object]:
    named: dict[str, object] = {
        "correlation_id": str(subject.correlation_id),
        "actor": subject.actor,
        "agent_id": subject.agent_id,
        "action_kind": subject.action_kind,
        "action_hash": subject.action_hash,
    }
    return {name: value for name, value in named.items() if value is not None} | dict(facts)
