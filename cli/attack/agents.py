"""Hired agents of an attacked customer: types made up for the attack, hiring, goals, and what they deliver."""

import asyncio
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import httpx

from cli.attack.scene import Scene
from cli.attack.trader import PATIENCE_S, Json, SetUpError, Trader, done

TRADING = "trading.delta_futures.v1"
HIRED = "/api/v1/hired-agents"
PLATFORMS = ("mastodon", "bluesky")
_ENDED = ("done", "failed", "missed", "dead")


@dataclass(frozen=True, slots=True)
class Agent:
    """A finalized instance. Shape: `shown` is as the API shows it."""

    trader: Trader
    shown: Json

    @property
    def path(self) -> str:
        return f"{HIRED}/{self.shown['hired_instance_id']}"

    async def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.trader.http.request(method, self.path + path, json=body)

    async def ask_goal(self, template_id: str, **fields: Any) -> httpx.Response:
        return await self.ask(
            "PUT", "/goals", {"template_id": template_id, "frequency": "on_demand"} | fields
        )

    async def set_goal(self, template_id: str, **fields: Any) -> Json:
        return done(await self.ask_goal(template_id, **fields), "goal")

    async def ask_run(self, goal: Json, **fields: Any) -> httpx.Response:
        return await self.ask("POST", f"/goals/{goal['goal_id']}/run", fields)

    async def runs(self) -> list[Json]:
        return await self.trader.items(f"{self.path}/runs", limit="200")

    async def ended(self, run: Json) -> Json:
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            found = await self.trader.get(f"{self.path}/runs/{run['run_id']}")
            if found["state"] in _ENDED:
                return found
            if asyncio.get_running_loop().time() > deadline:
                raise SetUpError(f"the run is still {found['state']}")
            await asyncio.sleep(0.1)

    async def delivered(self, template_id: str, **fields: Any) -> list[Json]:
        """Set a goal, run it, and wait for what it delivers, in its order."""
        goal = await self.set_goal(template_id, **fields)
        run = await self.ended(done(await self.ask_run(goal), "run"))
        found = await self.trader.items(f"{self.path}/deliverables", limit="200")
        return [one for one in reversed(found) if one["goal_run_id"] == run["run_id"]]


async def hire(trader: Trader, agent_type_id: str, config: Json) -> Agent:
    return Agent(trader, await finalize(trader, await configure(trader, agent_type_id, config)))


async def configure(trader: Trader, agent_type_id: str, config: Json) -> Json:
    answer = await ask_configuration(trader, await subscribe(trader, agent_type_id), config)
    return done(answer, "configure")


async def ask_configuration(trader: Trader, subscription_id: str, config: Json) -> httpx.Response:
    body = {"subscription_id": subscription_id, "config": config}
    return await trader.http.put(f"{HIRED}/draft", json=body)


async def subscribe(trader: Trader, agent_type_id: str) -> str:
    body = {"agent_type_id": agent_type_id, "plan": "trial"}
    answer = await trader.http.post("/api/cp/subscriptions", json=body)
    return done(answer, "subscribe", status=201)["subscription_id"]


async def finalize(trader: Trader, drafted: Json) -> Json:
    return done(await ask_to_finalize(trader, drafted), "finalize")


async def ask_to_finalize(trader: Trader, drafted: Json) -> httpx.Response:
    path = f"{HIRED}/{drafted['hired_instance_id']}/finalize"
    return await trader.http.post(path, json={"version": drafted["version"]})


def desk_of(trader: Trader, **changes: Any) -> Json:
    """A configuration of the trading agent."""
    return {
        "nickname": "Desk",
        "timezone": "Asia/Kolkata",
        "exchange_credential_ref": trader.account,
        "allowed_coins": ["BTC", "ETH"],
        "default_coin": "BTC",
        "max_units_per_order": "0.5",
    } | changes


async def connect_platform(scene: Scene, trader: Trader, platform: str) -> str:
    """Open an account at a platform for posts and connect it; return its credential ref."""
    name, token = f"a{token_hex(6)}", token_hex(16)
    name = f"{name}.bsky.test" if platform == "bluesky" else name
    await scene.exchange.open_platform(platform, name=name, token=token)
    body = {"platform": platform, "access_token": token, "posting_identity": name}
    answer = await trader.http.put("/api/cp/platform-credentials", json=body)
    trader.names[platform] = name
    return done(answer, "connect a platform")["credential_ref"]


async def hire_poster(scene: Scene, trader: Trader) -> Agent:
    """An agent that posts whatever its goal's settings say, at both platforms; its type is made up for it."""
    refs = {platform: await connect_platform(scene, trader, platform) for platform in PLATFORMS}
    definition = poster_type()
    await publish_type(await scene.operator(), definition)
    return await hire(trader, definition["agent_type_id"], {"name": "Poster", "accounts": refs})


async def publish_type(admin: httpx.AsyncClient, definition: Json) -> Json:
    path = f"/api/pp/agent-types/{definition['agent_type_id']}"
    done(await admin.put(f"{path}/draft", json=definition), "draft of a type")
    return done(await admin.post(f"{path}/publish"), "publish a type")


def poster_type(**changes: Any) -> Json:
    accounts = {name: _account(name) for name in PLATFORMS}
    settings = {
        "platform": {"type": "string", "title": "Platform", "maxLength": 50},
        "text": {"type": "string", "title": "Text", "maxLength": 5000},
        "at": {"type": "string", "title": "When", "maxLength": 40},
    }
    return {
        "agent_type_id": f"attack.poster_{token_hex(4)}.v1",
        "display_name": "Poster",
        "summary": "Posts what it is told to.",
        "agent_kind": "office",
        "config_schema": _object(
            {
                "name": {"type": "string", "title": "Name", "maxLength": 60},
                "accounts": {"title": "Accounts", **_object(accounts)},
            },
            required=["name"],
        ),
        "roles": {"title": "/name", "platform_accounts": "/accounts"},
        "goal_templates": [
            {
                "template_id": "post",
                "display_name": "Post",
                "summary": "One post.",
                "frequencies": ["on_demand"],
                "settings_schema": _object(settings, required=["platform", "text"]),
                "defaults": {"platform": "mastodon", "text": "Hello"},
                "skill_binding": "attack.post.v1",
            }
        ],
        "patterns": [_posting(settings)],
        "enforcement": {
            "approval": "per_post",
            "deterministic": True,
            "plans": {"trial": {"trial_days": 7, "task_limit": 100, "budget_limit": "5"}},
        },
    } | changes


def _posting(settings: Json) -> Json:
    arguments = {
        "title": "A post",
        "platform": "{{inputs.settings.platform}}",
        "language": "en",
        "text": "{{inputs.settings.text}}",
        "scheduled_for": "{{inputs.settings.at ?? null}}",
    }
    inputs = {"settings": {"type": "object", "properties": settings, "required": ["platform", "text"]}}
    return {
        "pattern_id": "attack.post.v1",
        "version": 1,
        "summary": "A post.",
        "inputs": {"type": "object", "properties": inputs, "required": ["settings"]},
        "steps": [{"id": "post", "use": "general.post", "with": arguments}],
        "outputs": {"deliverables": ["{{steps.post}}"]},
    }


def _account(platform: str) -> Json:
    credential = {"kind": "platform", "provider": platform}
    return {"type": "string", "format": "uuid", "title": platform, "x-credential": credential}


def _object(properties: Json, *, required: list[str] | None = None) -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": required or [],
    }
