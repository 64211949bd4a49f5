"""The peer of patterns: LangGraph on the same DAG, a fan-out of four between a first and a last node, in memory.

Runs on the packages of requirements-bench.txt. Prints microseconds a run as JSON, by how the graph is run: `plain`
keeps nothing, `checkpointed` keeps its state in memory after each superstep. The faster of sync and async counts.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from typing import Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph

_WARM_UP = 20
_MIDDLE = ("b", "c", "d", "e")


class State(TypedDict, total=False):
    text: str
    a: str
    b: str
    c: str
    d: str
    e: str
    f: str


def first(state: State) -> State:
    return {"a": state.get("text", "")}


def middle(name: str) -> Callable[[State], dict[str, str]]:
    return lambda state: {name: state.get("a", "")}


def last(state: State) -> State:
    return {"f": f"{state.get('b')} {state.get('c')} {state.get('d')} {state.get('e')}"}


def build(saver: InMemorySaver | None) -> Any:
    graph = StateGraph(State)
    graph.add_node("first", first)
    graph.add_node("last", last)
    graph.add_edge(START, "first")
    for name in _MIDDLE:
        graph.add_node(f"step_{name}", middle(name))
        graph.add_edge("first", f"step_{name}")
    graph.add_edge([f"step_{name}" for name in _MIDDLE], "last")
    graph.add_edge("last", END)
    return graph.compile(checkpointer=saver)


def settings(number: int) -> Any:
    return {"configurable": {"thread_id": str(number)}}


def measure_sync(graph: Any, runs: int) -> float:
    for number in range(_WARM_UP):
        graph.invoke({"text": "x"}, settings(-1 - number))
    started = time.perf_counter()
    for number in range(runs):
        done = graph.invoke({"text": "x"}, settings(number))
    spent_s = time.perf_counter() - started
    assert done["f"] == "x x x x", done
    return spent_s / runs * 1e6


async def measure_async(graph: Any, runs: int) -> float:
    for number in range(_WARM_UP):
        await graph.ainvoke({"text": "x"}, settings(-1 - number))
    started = time.perf_counter()
    for number in range(runs):
        done = await graph.ainvoke({"text": "x"}, settings(number))
    spent_s = time.perf_counter() - started
    assert done["f"] == "x x x x", done
    return spent_s / runs * 1e6


def main(runs: int) -> None:
    figures = {
        name: min(
            measure_sync(build(make()), runs),
            asyncio.run(measure_async(build(make()), runs)),
        )
        for name, make in (("plain", lambda: None), ("checkpointed", InMemorySaver))
    }
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]))
