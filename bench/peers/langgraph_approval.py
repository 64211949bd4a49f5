"""The peer of the cycle: LangGraph's human-in-the-loop pattern, a graph that interrupts for approval and is resumed.

Runs on the packages of requirements-bench.txt. Prints cycles per second as JSON by durability.
"""

import json
import os
import sys
import time
from typing import Any, Literal, TypedDict
from uuid import uuid4

from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

_WARM_UP = 10
_DURABILITIES: tuple[Literal["async", "sync"], ...] = ("async", "sync")


class State(TypedDict, total=False):
    action: dict[str, str]
    approved: bool
    executed: bool


def propose(_state: State) -> State:
    action = {"symbol": "BTCUSD", "side": "buy", "size": "10", "price": "65000", "type": "limit_order"}
    return {"action": action}


def review(state: State) -> State:
    return {"approved": interrupt({"action": state.get("action")}) == "approve"}


def execute(state: State) -> State:
    return {"executed": bool(state.get("approved"))}


def build(saver: PostgresSaver) -> Any:
    graph = StateGraph(State)
    graph.add_node("propose", propose)
    graph.add_node("review", review)
    graph.add_node("execute", execute)
    graph.add_edge(START, "propose")
    graph.add_edge("propose", "review")
    graph.add_edge("review", "execute")
    graph.add_edge("execute", END)
    return graph.compile(checkpointer=saver)


def cycle(graph: Any, durability: str) -> None:
    config = {"configurable": {"thread_id": str(uuid4())}}
    graph.invoke({}, config, durability=durability)
    done = graph.invoke(Command(resume="approve"), config, durability=durability)
    assert done["executed"]


def rate(graph: Any, cycles: int, *, durability: str) -> float:
    for _ in range(_WARM_UP):
        cycle(graph, durability)
    started = time.perf_counter()
    for _ in range(cycles):
        cycle(graph, durability)
    return cycles / (time.perf_counter() - started)


def main(cycles: int) -> None:
    with PostgresSaver.from_conn_string(os.environ["BENCH_DATABASE_URL"]) as saver:
        saver.setup()
        graph = build(saver)
        sys.stdout.write(json.dumps({name: rate(graph, cycles, durability=name) for name in _DURABILITIES}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
