"""Attacks on evidence outside the platform: a cherry-picked export, and a database rolled back to a backup."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.attack import store
from cli.attack.audit import covered, do, with_rows
from cli.attack.scene import Scene
from cli.attack.trader import Json, Trader, done
from shared.contracts.sign_in import Role

_VERIFIER = Path(__file__).parents[2] / "tools" / "audit_verifier.py"


async def cherry_picked(scene: Scene) -> None:
    """Leave rows out of an export, or its tail with the checkpoints, and show the rest as the whole."""
    customer = await with_rows(scene, "an export")
    await covered(scene, customer)
    whole = await _export(scene, customer)
    head: Json = whole[-1]
    inner = [line for line in whole if line.get("seq") != 2 or line["type"] != "row"]
    tail = [line for line in whole[:-1] if line["seq"] <= 2]
    for name, lines, expected in (
        ("the whole", whole, 0),
        ("without a row in the middle", inner, 1),
        ("without the first row", whole[1:], 1),
        ("without the tail", [*tail, head], 1),
        ("without the tail's rows", [line for line in whole if line["type"] != "row" or line["seq"] <= 2], 1),
    ):
        said = await _verify(scene, lines)
        scene.check(f"{name}: exit code of the verifier", expected=expected, seen=said)


async def rolled_back(scene: Scene) -> None:
    """Roll everything of a customer back to an earlier day, so that it agrees with itself again."""
    customer = await with_rows(scene, "a backup")
    earlier = await _export(scene, customer)
    await do(scene, customer, [store.CUT_RECORDS, store.CUT_TAIL, store.HEAD_BACK])
    await do(scene, customer, [store.CUT_CHECKPOINTS], must_change=False)
    rolled_back = await _export(scene, customer)
    said = await _verify(scene, rolled_back, earlier=earlier)
    scene.check("against an export made before: exit code of the verifier", expected=1, seen=said)


async def _export(scene: Scene, customer: Trader) -> list[Json]:
    viewer = await scene.operator(Role.VIEWER)
    query = {"customer_id": str(customer.customer_id), "after": "0"}
    export = done(await viewer.get("/api/pp/audit/export", params=query), "export")
    rows = [{"type": "row", **row} for row in export["rows"]]
    checkpoints = [{"type": "checkpoint", **checkpoint} for checkpoint in export["checkpoints"]]
    return [*rows, *checkpoints, {"type": "head", "seq": export["head_seq"]}]


async def _verify(scene: Scene, lines: Sequence[Json], *, earlier: Sequence[Json] = ()) -> int:
    """Run the verifier that stands alone; it exits with 1 when it finds something wrong."""
    with TemporaryDirectory() as folder:
        export = _written(Path(folder) / "export.jsonl", lines)
        arguments = [str(export), "--trust", str(scene.target.trust_file)]
        if earlier:
            arguments += ["--earlier", str(_written(Path(folder) / "earlier.jsonl", earlier))]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(_VERIFIER),
            *arguments,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return await process.wait()


def _written(path: Path, lines: Sequence[Json]) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path
