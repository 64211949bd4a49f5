"""Goals as a customer sets them, over the public API: hire an agent, set a goal, run it, wait for what it delivers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from shared.posts.model import Platform
from tests.denied import Scene
from tests.posts import IDENTITIES
from tests.stack import Stack
from tests.stored import superuser
from tests.trades import eventually

TRADING = "trading.delta_futures.v1"
MARKETING = "marketing.digital_marketing.v1"
# Two hours from now at the agents' place: no goal comes due by itself, and none was due a while ago.
AHEAD = f"{datetime.now(ZoneInfo('Asia/Kolkata')) + timedelta(hours=2):%H:%M}"
ENDED = ("done", "failed", "missed", "dead")

# A decoded answer: tests look into it freely.
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hired:
    """A customer's agent at work. `http` speaks to the customer portal."""

    stack: Stack
    http: httpx.AsyncClient = field(repr=False)
    agent: Json

    @property
    def path(self) -> str:
        return f"/api/v1/hired-agents/{self.agent['hired_instance_id']}"

    @property
    def instance_id(self) -> UUID:
        return UUID(self.agent["hired_instance_id"])

    async def send(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Json:
        answer = await self.http.request(method, self.path + path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def set_goal(self, template_id: str, *, status: int = 200, **more: Any) -> Json:
        body = {"template_id": template_id, "frequency": "on_demand", **more}
        return await self.send("PUT", "/goals", body, status=status)

    async def run(self, goal: Json, *, status: int = 200, **body: Any) -> Json:
        return await self.send("POST", f"/goals/{goal['goal_id']}/run", body, status=status)

    async def ended(self, run: Json) -> Json:
        """Wait for the run's end."""

        return await eventually(
            lambda: self.send("GET", f"/runs/{run['run_id']}"), lambda found: found["state"] in ENDED
        )

    async def delivered(self, run: Json) -> list[Json]:
        """What the run delivered, in its order; the run has been waited for."""
        ended = await self.ended(run)
        assert ended["state"] == "done", ended
        return await self.deliverables(of_run=run["run_id"])

    async def deliverables(self, *, of_run: str) -> list[Json]:
        found = (await self.send("GET", "/deliverables?limit=200"))["items"]
        return [one for one in reversed(found) if one["goal_run_id"] == of_run]

    async def first_run(self, goal: Json) -> Json:
        """Wait until the scheduler has made a run of the goal."""

        found = await eventually(
            lambda: self.send("GET", f"/goals/{goal['goal_id']}/runs"), lambda found: bool(found["items"])
        )
        return found["items"][0]

    async def until_due_again(self, goal: Json) -> None:
        """Wait until the scheduler has dealt with a goal that was due."""
        now = datetime.now(UTC)
        await eventually(
            lambda: self.send("GET", "/goals"),
            lambda found: all(
                datetime.fromisoformat(one["next_due_at"]) > now
                for one in found["items"]
                if one["goal_id"] == goal["goal_id"]
            ),
        )

    async def let_be_due(self, goal: Json, *, ago: timedelta = timedelta(0)) -> None:
        """As if its time had come."""
        async with superuser(self.stack, "plant") as connection:
            await connection.execute(
                "UPDATE goals SET next_due_at = now() - $2::interval WHERE goal_id = $1",
                UUID(goal["goal_id"]),
                ago,
            )


async def hire(scene: Scene, agent_type_id: str, config: Json, *, plan: str = "trial") -> Hired:
    """Subscribe, configure and finalize."""
    http = scene.http
    subscribed = await http.post("/api/cp/subscriptions", json={"agent_type_id": agent_type_id, "plan": plan})
    assert subscribed.status_code == 201, subscribed.text
    body = {"subscription_id": subscribed.json()["subscription_id"], "config": config}
    drafted = await http.put("/api/v1/hired-agents/draft", json=body)
    assert drafted.status_code == 200, drafted.text
    path = f"/api/v1/hired-agents/{drafted.json()['hired_instance_id']}/finalize"
    final = await http.post(path, json={"version": drafted.json()["version"]})
    assert final.status_code == 200, final.text
    return Hired(scene.stack, http, final.json())


async def hire_trader(scene: Scene, **changes: Any) -> Hired:
    config = {
        "nickname": "Futures desk",
        "timezone": "Asia/Kolkata",
        "exchange_credential_ref": str(scene.trader.account.credential_ref),
        "allowed_coins": ["BTC", "ETH"],
        "default_coin": "BTC",
        "max_units_per_order": "0.5",
    }
    return await hire(scene, TRADING, config | changes)


async def hire_marketer(scene: Scene, *, platforms: tuple[Platform, ...], **changes: Any) -> Hired:
    config = {
        "nickname": "Voice",
        "timezone": "Asia/Kolkata",
        "primary_language": "en",
        "brand_name": "Chai & Co",
        "offerings": ["masala chai", "samosas"],
        "location": "Pune",
        "platforms": [platform.value for platform in platforms],
        "platform_credentials": {
            platform.value: await connect_platform(scene, platform) for platform in platforms
        },
    }
    return await hire(scene, MARKETING, config | changes)


async def connect_platform(scene: Scene, platform: Platform) -> str:
    """Store a token of the imitated platform in the customer's vault; return its reference."""
    identity, token = IDENTITIES[platform]
    body = {"platform": platform.value, "access_token": token, "posting_identity": identity}
    answer = await scene.http.put("/api/cp/platform-credentials", json=body)
    assert answer.is_success, answer.text
    return answer.json()["credential_ref"]
