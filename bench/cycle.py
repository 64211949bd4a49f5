"""A proposal, its approval and its execution, in one process: beside LangGraph's interrupt and resume, checkpointed."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from urllib.parse import urlsplit, urlunsplit

from bench.bursts import rate_of
from bench.lanes import AGENT, approve, create_action, make_lane
from bench.measure import Figure, Plan, compare, measure_rounds
from bench.peer_process import run_peer
from bench.world import World, running_world
from plant.approvals.actions import take_in
from plant.deliverables import actions as deliverables
from plant.deliverables.model import NewDeliverable
from plant.evidence import actions as evidence
from plant.evidence.model import Subject, Usage
from plant.exchange_accounts.model import Account
from plant.execution.desk import Desk
from plant.execution.inputs import ReleaseCommand
from plant.execution.orders import propose
from plant.execution.release import execute
from plant.metering import actions as metering
from shared.approvals.action import Action
from shared.clock import utc_now
from shared.contracts.trading import DeliverableState
from shared.correlation import current_correlation_id
from shared.identity import ActorType, Identity
from shared.ids import ApprovalId, DeliverableId, uuid7
from shared.keys import Issuer

_LANE = 1
_ACCOUNTS = 200
_CYCLES = 300
_WARM_UP = 20
_PEER_DATABASE = "langgraph"
_REVIEW_LIFETIME = timedelta(hours=24)


async def run(plan: Plan) -> list[Figure]:
    cycles = plan.count(_CYCLES, least=20)
    async with running_world() as world, world.desk(connections=1) as desk:
        lane = await make_lane(world, _LANE, releases=_ACCOUNTS, accounts=_ACCOUNTS)
        peer_url = await _make_peer_database(world)
        work = _Cycles(world, desk, tuple(command.account for command in lane.commands))
        await rate_of(world, [work.one], each=_WARM_UP)

        async def ours(_round: int) -> dict[str, float]:
            return {"ours": await rate_of(world, [work.one], each=cycles)}

        async def theirs(_round: int) -> dict[str, float]:
            return await run_peer("langgraph_approval", str(cycles), BENCH_DATABASE_URL=peer_url)

        found = await measure_rounds([ours, theirs], rounds=plan.rounds)
    return [
        compare(
            f"propose, approve, execute; the peer's durability: {durability}",
            "per s",
            ours=found["ours"],
            peer=found[durability],
            peer_name="LangGraph",
            aim=aim,
        )
        for durability, aim in (("async", ">= 5"), ("sync", ""))
    ]


@dataclass(slots=True)
class _Cycles:
    """Each cycle proposes an order that has not been proposed before."""

    world: World
    desk: Desk
    accounts: tuple[Account, ...]
    _numbers: "count[int]" = field(default_factory=count)

    async def one(self) -> None:
        number = next(self._numbers)
        account = self.accounts[number % len(self.accounts)]
        action = create_action(account, size=100 + number // len(self.accounts))
        deliverable_id = await _propose(self.desk, account, action)
        command = _command(account, action, deliverable_id)
        statement = approve(self.world, command, now=utc_now())
        await take_in(
            self.desk.database, statement, caller=_portal(account), trust=self.desk.trust, four_eyes=False
        )
        await execute(self.desk, command)


async def _propose(desk: Desk, account: Account, action: Action) -> DeliverableId:
    """What a reference agent does between reading the market and answering, in its one transaction."""
    deliverable_id = DeliverableId(uuid7())
    async with desk.database.tenant(account.customer_id) as session:
        proposal = await propose(session, account, action)
        actor = f"customer:{account.customer_id}"
        new = NewDeliverable(
            deliverable_id=deliverable_id,
            customer_id=account.customer_id,
            agent_id=AGENT,
            state=DeliverableState.PENDING_REVIEW,
            action=action,
            plan=None,
            risk=None,
            correlation_id=current_correlation_id(),
            expires_at=utc_now() + _REVIEW_LIFETIME,
        )
        await deliverables.add(session, new, actor=actor)
        trace = proposal.trace(verdict="proposed", reason=None)
        standing = await metering.standing(session)
        await evidence.record_allow(
            session,
            trace,
            subject=Subject(account.customer_id, new.correlation_id, actor, AGENT, action.kind),
            usage=Usage("draft", 1, standing.task_cost, {"deliverable_id": str(deliverable_id)}),
            kind="deliverable.drafted",
        )
    return deliverable_id


def _command(account: Account, action: Action, deliverable_id: DeliverableId) -> ReleaseCommand:
    approval_id = ApprovalId(uuid7())
    return ReleaseCommand(
        action=action,
        account=account,
        agent_id=AGENT,
        actor=f"customer:{account.customer_id}",
        approval_id=approval_id,
        intent=action.kind,
        deliverable_id=deliverable_id,
        submitted={"approval_id": str(approval_id)},
    )


def _portal(account: Account) -> Identity:
    return Identity(Issuer.CP, ActorType.SERVICE, "cp", account.customer_id, current_correlation_id())


async def _make_peer_database(world: World) -> str:
    """On the same server, so that both sides write to the same disk."""
    await world.admin.execute(f"CREATE DATABASE {_PEER_DATABASE}")
    parts = urlsplit(world.server.admin_url)
    return urlunsplit(parts._replace(path=f"/{_PEER_DATABASE}"))
