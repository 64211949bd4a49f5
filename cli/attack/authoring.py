"""Attacks through agent types: who may write them, what a definition may reach, and how long it may compute."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx

from cli.attack import store
from cli.attack.agents import TRADING, ask_configuration, hire, poster_type, publish_type, subscribe
from cli.attack.scene import Scene
from cli.attack.trader import Json, done
from shared.contracts.sign_in import Role

VALIDATE = "/api/pp/agent-types/validate"
NOT_ALLOWED, NOT_FOUND = "403 not_allowed", "404 not_found"
TOO_MUCH = ("422 validation_failed", "422 invalid_fields", "413 body_too_large", "400 invalid_json", "200")
QUICK_S = 5.0


async def written_by_others(scene: Scene) -> None:
    """Write, publish or retire an agent type as a viewer, an operator, a customer, nobody, or Plant's own role."""
    trader, definition = await scene.customer("customer a"), poster_type()
    path = f"/api/pp/agent-types/{definition['agent_type_id']}"
    callers = {
        "as a viewer": (await scene.operator(Role.VIEWER), NOT_ALLOWED),
        "as an operator": (await scene.operator(Role.OPERATOR), NOT_ALLOWED),
        "as a customer": (trader.http, NOT_FOUND),
        "as nobody": (await scene.client(scene.target.pp_url), "401 unauthenticated"),
    }
    for name, (http, reason) in callers.items():
        scene.refused(f"draft {name}", await http.put(f"{path}/draft", json=definition), reason)
        scene.refused(f"publish {name}", await http.post(f"{path}/publish"), reason)
        known = f"/api/pp/agent-types/{TRADING}"
        scene.refused(f"retire {name}", await http.post(f"{known}/versions/1/retire"), reason)
    admin = await scene.operator()
    answer = await admin.put(f"/api/pp/agent-types/{TRADING}/draft", json=definition)
    scene.refused("draft one under another's name", answer, "422 validation_failed", "422 invalid_fields")
    for name, (statement, reason) in store.CHANGES_OF_TYPES.items():
        scene.check(
            f"{name} as Plant's role",
            expected=reason,
            seen=await store.try_as_runtime(scene.target, statement),
        )


async def definition_that_reaches_outside(scene: Scene) -> None:
    """Publish a definition that reads a file or an address, or whose pattern acts by itself."""
    admin = await scene.operator()
    for name, definition in _reaching().items():
        report = await admin.post(VALIDATE, json=definition)
        seen = report.json().get("valid") if report.is_success else report.status_code
        scene.check(f"valid, with {name}", expected="False or 422", seen=seen)
        path = f"/api/pp/agent-types/{definition['agent_type_id']}"
        await admin.put(f"{path}/draft", json=definition)
        published = await admin.post(f"{path}/publish")
        scene.refused(f"publish {name}", published, "422 definition_invalid", NOT_FOUND)
    await _check_insides(scene, admin)


async def _check_insides(scene: Scene, admin: httpx.AsyncClient) -> None:
    """A reference may name what only a value shows to be missing; it must find nothing then."""
    trader = await scene.trader()
    for path in ("settings.__class__.__mro__", "config.__dict__", "settings.text.__len__"):
        definition = _with_step(_step(text=f"{{{{inputs.{path}}}}}"))
        await admin.put(f"/api/pp/agent-types/{definition['agent_type_id']}/draft", json=definition)
        published = await admin.post(f"/api/pp/agent-types/{definition['agent_type_id']}/publish")
        if published.is_error:
            scene.refused(f"publish a text of {path}", published, "422 definition_invalid")
            continue
        agent = await hire(trader, definition["agent_type_id"], {"name": "Reader"})
        goal = await agent.set_goal("post", settings={"platform": "mastodon", "text": "Hello"})
        ended = await agent.ended(done(await agent.ask_run(goal), "run"))
        scene.check(f"a run with a text of {path}", expected="failed", seen=ended["state"])
        drafts = await trader.items(f"{agent.path}/deliverables")
        scene.check(f"what it drafted of {path}", expected=[], seen=drafts)


async def definition_that_never_ends(scene: Scene) -> None:
    """Let patterns, conditions and schemas take for ever: backtracking, macros, depth, size, cycles."""
    trader, admin = await scene.customer("customer a"), await scene.operator()
    for name, definition in _endless().items():
        started = time.monotonic()
        answer = await admin.post(VALIDATE, json=definition)
        took = time.monotonic() - started
        scene.refused(f"look at {name}", answer, *TOO_MUCH)
        if answer.is_success:
            scene.check(f"valid, with {name}", expected=False, seen=answer.json()["valid"])
        scene.check(f"quick with {name}", expected=True, seen=took < QUICK_S)
    backtracking = _with_name(pattern="^(a+)+$", maxLength=10_000)
    await publish_type(admin, backtracking)
    subscription = await subscribe(trader, backtracking["agent_type_id"])
    started = time.monotonic()
    answer = await ask_configuration(trader, subscription, {"name": "a" * 5_000 + "!"})
    scene.check(
        "a text that makes it backtrack is missing", expected=False, seen=answer.json().get("configured")
    )
    scene.check("quick with it", expected=True, seen=time.monotonic() - started < QUICK_S)


async def bombs_side_by_side(scene: Scene) -> None:
    """Ask for 20 looks at bombs at once, while a customer trades: nobody else may wait for them."""
    trader, admin = await scene.trader(), await scene.operator()
    bombs = [*_endless().values()] * 3
    looking = asyncio.gather(*(admin.post(VALIDATE, json=bomb) for bomb in bombs[:20]))
    started = time.monotonic()
    draft = await trader.draft()
    took = time.monotonic() - started
    answers = await looking
    scene.check("quick for the others", expected=True, seen=took < QUICK_S * 2)
    scene.check(
        "server errors",
        expected=[],
        seen=[a.status_code for a in answers if a.status_code >= 500 and a.status_code != 503],
    )
    await trader.until((await trader.release(draft, await trader.approve(draft)))["execution_id"])


def _reaching() -> dict[str, Json]:
    return {
        "a schema at an address": _with_schema({"$ref": "http://127.0.0.1:1/schema.json"}),
        "a schema in a file": _with_schema({"$ref": "file:///etc/passwd"}),
        "a schema of the cloud's": _with_schema({"$dynamicRef": "http://169.254.169.254/latest#x"}),
        "a capability that sends": _with_step(
            {"id": "post", "use": "http.get", "with": {"url": "http://x.test"}}
        ),
        "a capability that executes": _with_step({"id": "post", "use": "execution.execute", "with": {}}),
        "an import": _with_step({"id": "post", "use": "os.system", "with": {"command": "id"}}),
        "another step's insides": _with_step(_step(text="{{steps.__globals__.os}}")),
        "secrets as facts": _with_reads("credentials"),
        "a rule that calls": _with_rule("open('/etc/passwd') == ''"),
        "a field of another": _with_rule("inputs.customer.email != ''"),
    }


def _endless() -> dict[str, Json]:
    deep: Json = {"type": "object"}
    for _ in range(60):
        deep = {"type": "object", "properties": {"x": deep}}
    return {
        "a rule that loops": _with_rule("inputs.config.name.map(x, inputs.config.name.map(y, x + y)) != []"),
        "a rule that matches": _with_rule("inputs.config.name.matches('(a+)+$')"),
        "a rule of 300 negations": _with_rule("!" * 300 + "true"),
        "a rule of 200 brackets": _with_rule("(" * 200 + "true" + ")" * 200),
        "a rule of half a page": _with_rule(" || ".join(["inputs.config.name == 'a'"] * 60)),
        "a schema of depth 60": _with_schema({"type": "object", "properties": {"x": deep}}),
        "a schema of 100 kB": _with_schema({"type": "string", "enum": [f"{n:050}" for n in range(2000)]}),
        "a pattern that steps in a circle": _with_steps(_circle()),
        "a pattern of 500 steps": _with_steps([_step() | {"id": f"s{n}"} for n in range(500)]),
    }


def _circle() -> list[Json]:
    return [_step(text="{{steps.b.title}}") | {"id": "a"}, _step(text="{{steps.a.title}}") | {"id": "b"}]


def _with_schema(schema: Json) -> Json:
    return _changed(lambda definition: definition["config_schema"]["properties"].update(extra=schema))


def _with_name(**keywords: Any) -> Json:
    return _changed(lambda definition: definition["config_schema"]["properties"]["name"].update(keywords))


def _with_rule(condition: str) -> Json:
    return poster_type(rules=[{"condition": condition, "field": "/name", "message": "must be so"}])


def _with_reads(name: str) -> Json:
    return _changed(lambda definition: definition["goal_templates"][0].update(reads=[name]))


def _with_step(step: Json) -> Json:
    return _with_steps([step])


def _with_steps(steps: list[Json]) -> Json:
    return _changed(lambda definition: definition["patterns"][0].update(steps=steps))


def _step(*, text: str = "Hello") -> Json:
    arguments = {"title": "A post", "platform": "mastodon", "language": "en", "text": text}
    return {"id": "post", "use": "general.post", "with": arguments}


def _changed(change: Callable[[Json], None]) -> Json:
    definition = poster_type()
    change(definition)
    return definition
