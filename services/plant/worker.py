"""The worker: takes jobs from the queues, advances executions and runs goals. Run any number of them.

Beside the queues it runs small loops: turn due goals into runs, revive what a worker that died was at, expire
drafts, sign audit checkpoints, drop old snapshots, measure what alarms are made of. It serves /metrics only.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from prometheus_client import start_http_server

from plant.deliverables import actions as deliverables
from plant.enforcement import actions as enforcement
from plant.evidence import actions as evidence
from plant.evidence.heads import actions as chains
from plant.execution import actions as executions
from plant.execution.advance import advance
from plant.execution.backlog import actions as backlog
from plant.execution.jobs import ADVANCE, QUEUE
from plant.goals.running import run_goal
from plant.goals.work import Bench
from plant.patterns.cache import MemoryCache
from plant.patterns.orchestrator import Orchestrator
from plant.publishing import actions as publishing
from plant.scheduler import actions as scheduler
from plant.scheduler.jobs import QUEUE as GOAL_QUEUE
from plant.scheduler.jobs import RUN_GOAL
from plant.settings import PlantSettings, migrated_settings
from plant.snapshots import actions as snapshots
from plant.wiring import Wiring, open_wiring
from shared.correlation import bind_correlation_id
from shared.errors import PlatformError
from shared.ids import CustomerId, ExecutionId
from shared.logs import configure_logs, get_logger
from shared.metrics import MEASURE_EVERY_S

_POLL_S = 0.25
_HEARTBEAT_S = 1
_STALLED_S = 5
_REJOIN_S = 1
# The pool's own 30 s and 5 min: it tries again after 1, 2, 4 ... s, so a database long away would be missed for longer.
_QUEUE_PATIENCE_S = 5
_ENDING_S = 7
_TICK_S = 1
_EXPIRE_EVERY_S = 30
_LOOP_PATIENCE_S = 30
_RETRY = procrastinate.RetryStrategy(max_attempts=20, wait=1, linear_wait=1)


async def run(settings: PlantSettings) -> None:
    """Work until asked to stop. Raises: CancelledError then."""
    _end_when_signalled()
    async with open_wiring(settings, name="plant-worker") as wiring:
        _serve_metrics(settings)
        queue = _make_queue(settings, wiring)
        async with queue.open_async():
            loops = [
                _every(settings.overdue_s / 2, "revive", lambda: _revive(wiring)),
                _every(_TICK_S, "tick", lambda: _tick(wiring)),
                _every(_TICK_S, "publish", lambda: publishing.publish_due(wiring.desk)),
                _work(queue, QUEUE, concurrency=settings.worker_concurrency),
                _work(queue, GOAL_QUEUE, concurrency=settings.goal_concurrency),
                _every(_EXPIRE_EVERY_S, "expire", lambda: deliverables.expire_overdue(wiring.database)),
                _every(settings.checkpoint_interval_s, "checkpoint", lambda: _checkpoint(wiring)),
                _every(3600, "retention", lambda: snapshots.drop_old(wiring.database)),
                _every(_STALLED_S, "stalled", lambda: _drop_stalled(queue)),
                _every(MEASURE_EVERY_S, "measure", lambda: _measure(wiring)),
            ]
            background = [asyncio.create_task(loop) for loop in loops]
            get_logger().info("worker.ready", concurrency=settings.worker_concurrency)
            try:
                await asyncio.gather(*background)
            finally:
                for task in background:
                    task.cancel()
                await asyncio.wait(background, timeout=_ENDING_S)


def _end_when_signalled() -> None:
    """Also as process 1 of a container, which only ends at signals that it handles."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def _make_queue(settings: PlantSettings, wiring: Wiring) -> procrastinate.App:
    connector = procrastinate.PsycopgConnector(
        conninfo=settings.plant_database_url,
        kwargs={"options": "-c search_path=procrastinate,public", "application_name": "plant-queue"},
        max_size=settings.worker_concurrency + settings.goal_concurrency + 4,
        timeout=_QUEUE_PATIENCE_S,
        reconnect_timeout=_QUEUE_PATIENCE_S,
    )
    queue = procrastinate.App(connector=connector)

    @queue.task(name=ADVANCE, queue=QUEUE, retry=_RETRY)
    async def advance_execution(customer_id: str, execution_id: str, correlation_id: str) -> None:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        bind_correlation_id(UUID(correlation_id))
        await advance(
            wiring.desk,
            customer_id=CustomerId(UUID(customer_id)),
            execution_id=ExecutionId(UUID(execution_id)),
        )

    bench = Bench(wiring.desk, wiring.skills, Orchestrator(cache=MemoryCache()), settings.goal_lease_s)

    @queue.task(name=RUN_GOAL, queue=GOAL_QUEUE)
    async def run_one_goal(customer_id: str, run_id: str, correlation_id: str) -> None:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        bind_correlation_id(UUID(correlation_id))
        await run_goal(bench, customer_id=CustomerId(UUID(customer_id)), run_id=UUID(run_id))

    _keep_watch(queue)
    return queue


def _keep_watch(queue: procrastinate.App) -> None:
    """Give the library a periodic job; without one it does not notice that its listener or its heartbeat failed.

    Source: procrastinate.worker.Worker._monitor_side_tasks, which goes home with the first side task that ends;
    the one for periodic jobs ends at once where there are none (November 2026).
    """

    @queue.periodic(cron="@yearly")
    @queue.task(name="keep_watch", queue=QUEUE)
    async def keep_watch(timestamp: int) -> None:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        get_logger().debug("worker.kept_watch", timestamp=timestamp)


async def _work(queue: procrastinate.App, name: str, *, concurrency: int) -> None:
    """Take jobs until cancelled; rejoin a queue that was lost.

    That is so while the database is away, and when this worker was frozen for so long that another struck it
    off the queue's list. The library then raises, or just returns where it had no job at that moment.
    """
    while not _is_cancelled():
        try:
            await _take_jobs(queue, name, concurrency=concurrency)
            reason = "returned"
        except ConnectorException as error:
            reason = type(error.__cause__ or error).__name__
        get_logger().warning("worker.queue_lost", queue=name, error=reason)
        await asyncio.sleep(_REJOIN_S)


def _is_cancelled() -> bool:
    """Whether this task was cancelled, even where the queue answered that with an error of its own."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _take_jobs(queue: procrastinate.App, name: str, *, concurrency: int) -> None:
    await queue.run_worker_async(
        queues=[name],
        concurrency=concurrency,
        fetch_job_polling_interval=_POLL_S,
        abort_job_polling_interval=30,
        update_heartbeat_interval=_HEARTBEAT_S,
        stalled_worker_timeout=_STALLED_S,
        shutdown_graceful_timeout=5,
        delete_jobs="successful",
        listen_notify=True,
        install_signal_handlers=False,
    )


async def _tick(wiring: Wiring) -> None:
    grace = timedelta(seconds=wiring.settings.goal_grace_s)
    due = await scheduler.tick(wiring.database, grace=grace)
    revived = await scheduler.revive_overdue(wiring.database, overdue_by_s=wiring.settings.goal_lease_s)
    if due or revived:
        get_logger().info("scheduler.ticked", due=due, revived=revived)


async def _revive(wiring: Wiring) -> None:
    revived = await executions.revive_overdue(wiring.database, overdue_by_s=wiring.settings.overdue_s)
    if revived:
        get_logger().warning("executions.revived", count=len(revived))
    _show_life(wiring.settings.worker_alive_file)


def _show_life(file: Path | None) -> None:
    if file is not None:
        file.touch()


async def _checkpoint(wiring: Wiring) -> None:
    await evidence.write_checkpoints(wiring.database, key=wiring.checkpoint_key)


async def _measure(wiring: Wiring) -> None:
    await backlog.measure(wiring.database)
    await chains.measure(wiring.database)
    await enforcement.measure(wiring.database)


def _serve_metrics(settings: PlantSettings) -> None:
    """In a thread of its own, so that they are answered while the loop is busy. Raises: SystemExit."""
    if settings.worker_port is None:
        return
    try:
        start_http_server(settings.worker_port, addr=settings.worker_host)
    except OSError as error:
        where = f"{settings.worker_host}:{settings.worker_port}"
        sys.exit(f"The worker does not start: COUNTERSIGN_WORKER_PORT: {where}: {error.strerror}")


async def _drop_stalled(queue: procrastinate.App) -> None:
    """Close the jobs of dead workers; their executions are revived from their own rows."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_S):
        await queue.job_manager.finish_job(job, Status.ABORTED, delete_job=True)


async def _every(seconds: float, name: str, act: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            async with asyncio.timeout(_LOOP_PATIENCE_S):
                await act()
        except PlatformError as error:
            get_logger().warning("worker.loop_waits", loop=name, reason=error.reason)
        except TimeoutError:
            get_logger().warning("worker.loop_waits", loop=name, reason="timeout")
        except Exception:  # noqa: BLE001  an outermost loop: logged, and tried again at its next turn
            get_logger().exception("worker.loop_crashed", loop=name)
        await asyncio.sleep(seconds)


def main() -> None:
    settings = migrated_settings()
    configure_logs(service="worker", level=settings.log_level)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with suppress(asyncio.CancelledError):
        asyncio.run(run(settings))


if __name__ == "__main__":
    main()
