"""The short form of the chaos run: forty orders, two Plants, three workers, always the same schedule."""

from tests.chaos.plan import make_plan, short_size
from tests.chaos.report import report
from tests.chaos.run import run_chaos
from tests.stack import running_test_stack

SEED = 351


async def test_nothing_is_doubled_lost_or_stuck_while_processes_die() -> None:
    with running_test_stack() as stack:
        result = await run_chaos(stack, make_plan(SEED, short_size()))

    assert result.is_green, report(result)
    assert len(result.evidence.placed) == 40
