"""Posts on the real stack: drafted by an agent type made up here, approved to the letter, published once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import httpx
import pytest
import pytest_asyncio

from shared.posts.model import Platform
from tests.denied import Scene
from tests.goals import Hired, hire
from tests.posts import IDENTITIES, stored_posts
from tests.trades import eventually

PLATFORMS = (Platform.MASTODON, Platform.BLUESKY, Platform.X, Platform.LINKEDIN, Platform.FACEBOOK)
FAMILY = "👨‍👩‍👧‍👦"
Json = dict[str, Any]


SAYING = {
    "type": "object",
    "required": ["platform", "text"],
    "properties": {
        "platform": {"type": "string"},
        "text": {"type": "string"},
        "at": {"type": "string"},
    },
}
PATTERN = {
    "pattern_id": "test.say.v1",
    "version": 1,
    "summary": "Say it.",
    "inputs": {"type": "object", "required": ["settings"], "properties": {"settings": SAYING}},
    "steps": [
        {
            "id": "post",
            "use": "general.post",
            "with": {
                "title": "What to say",
                "platform": "{{inputs.settings.platform}}",
                "language": "en",
                "text": "{{inputs.settings.text}}",
                "scheduled_for": "{{inputs.settings.at ?? null}}",
            },
        }
    ],
    "outputs": {"deliverables": ["{{steps.post}}"]},
}


def definition() -> Json:
    """A town crier: says what it is told, where it is told to."""
    return {
        "agent_type_id": f"test.town_crier_{token_hex(4)}.v1",
        "display_name": "Town crier",
        "summary": "Says what it is told.",
        "agent_kind": "announcing",
        "config_schema": _object(
            name={"type": "string", "title": "Name"},
            zone={"type": "string", "title": "Zone", "format": "timezone"},
            accounts=_object(**{platform.value: _credential(platform) for platform in PLATFORMS}),
        ),
        "roles": {"title": "/name", "timezone": "/zone", "platform_accounts": "/accounts"},
        "goal_templates": [
            {
                "template_id": "say",
                "display_name": "Say",
                "summary": "Say this.",
                "frequencies": ["on_demand"],
                "settings_schema": {**SAYING, "additionalProperties": False},
                "skill_binding": "test.say.v1",
            }
        ],
        "patterns": [PATTERN],
        "enforcement": {
            "approval": "per_post",
            "deterministic": True,
            "plans": {"trial": {"trial_days": 14, "task_limit": 100}},
        },
    }


def _object(**properties: Json) -> Json:
    return {"type": "object", "title": "Fields", "additionalProperties": False, "properties": properties}


def _credential(platform: Platform) -> Json:
    hint = {"kind": "platform", "provider": platform.value}
    return {"type": "string", "title": platform.value, "format": "uuid", "x-credential": hint}


@dataclass(frozen=True, slots=True)
class Crier:
    """A hired town crier with an account on every platform."""

    scene: Scene
    hired: Hired

    @property
    def http(self) -> httpx.AsyncClient:
        return self.scene.http

    async def drafts(self, platform: Platform, text: str, **settings: str) -> Json:
        goal = await self.hired.set_goal(
            "say", settings={"platform": platform.value, "text": text, **settings}
        )
        (draft,) = await self.hired.delivered(await self.hired.run(goal))
        return draft

    async def approve(self, draft: Json) -> Json:
        body = {"deliverable_id": draft["deliverable_id"], "action_hash": draft["draft"]["action_hash"]}
        answer = await self.http.post("/api/cp/approvals", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def execute(self, draft: Json, approval: Json) -> httpx.Response:
        path = f"/api/v1/deliverables/{draft['deliverable_id']}/execute"
        return await self.http.post(path, json={"approval_id": approval["approval_id"]})

    async def settled(self, execution_id: str) -> Json:
        async def read() -> Json:
            return (await self.http.get(f"/api/v1/executions/{execution_id}")).json()

        ended = ("published", "rejected", "vetoed", "expired", "absent")
        return await eventually(read, lambda found: found["state"] in ended and found["verified"])

    def posted(self, platform: Platform, text: str) -> Sequence[Json]:
        found = stored_posts(self.scene.stack.sandbox_url, platform)
        return [post for post in found if post["text"] == text]


@pytest_asyncio.fixture
async def crier(scene: Scene) -> AsyncIterator[Crier]:
    made_up = definition()
    path = f"/api/pp/agent-types/{made_up['agent_type_id']}"
    for method, where, body in (("PUT", "/draft", made_up), ("POST", "/publish", None)):
        answer = await scene.operator.http.request(method, path + where, json=body)
        assert answer.is_success, answer.text
    accounts = {platform.value: await connect(scene, platform) for platform in PLATFORMS}
    config = {"name": "Crier", "zone": "Europe/Berlin", "accounts": accounts}
    yield Crier(scene, await hire(scene, made_up["agent_type_id"], config))


async def connect(scene: Scene, platform: Platform) -> str:
    identity, token = IDENTITIES[platform]
    body = {"platform": platform.value, "access_token": token, "posting_identity": identity}
    answer = await scene.http.put("/api/cp/platform-credentials", json=body)
    assert answer.is_success, answer.text
    return answer.json()["credential_ref"]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_approved_post_is_published_once_to_the_letter(crier: Crier, platform: Platform) -> None:
    text = f"Fresh bread {FAMILY} for Zoë, 10 % off: https://example.test/{token_hex(4)}"
    draft = await crier.drafts(platform, text)
    approval = await crier.approve(draft)

    answers = await asyncio.gather(*(crier.execute(draft, approval) for _ in range(5)))
    done = await crier.settled(answers[0].json()["execution"]["execution_id"])

    assert {answer.status_code for answer in answers} <= {200, 202}
    assert [answer.json()["replayed"] for answer in answers].count(False) == 1
    assert (done["state"], done["verified"]) == ("published", True)
    (post,) = crier.posted(platform, text)
    assert done["receipt"]["post_id"] == done["broker_order_ids"][0]
    assert done["receipt"]["platform"] == platform.value
    assert post["text"].encode() == draft["draft"]["action"]["params"]["text"].encode()


async def test_without_approval_nothing_is_published(crier: Crier) -> None:
    text = f"Not approved {token_hex(4)}"
    draft = await crier.drafts(Platform.MASTODON, text)

    path = f"/api/v1/deliverables/{draft['deliverable_id']}/execute"
    refused = await crier.http.post(path, json={})

    assert (refused.status_code, refused.json()["reason"]) == (403, "approval_required")
    assert crier.posted(Platform.MASTODON, text) == []


@pytest.mark.parametrize(
    ("platform", "text", "word"),
    [
        (Platform.MASTODON, FAMILY * 501, "500"),
        (Platform.BLUESKY, "é" * 301, "300"),
        (Platform.X, "あ" * 141, "280"),
        (Platform.BLUESKY, "safe \u202e gnp.exe", "U+202E"),
    ],
)
async def test_text_that_the_platform_or_a_reader_cannot_take_is_a_failed_draft(
    crier: Crier, platform: Platform, text: str, word: str
) -> None:
    draft = await crier.drafts(platform, text)

    assert (draft["state"], draft["draft"]) == ("failed", None)
    assert word in draft["body"]["problem"]["detail"]


async def test_what_a_reader_would_not_see_is_shown_to_who_approves(crier: Crier) -> None:
    draft = await crier.drafts(Platform.MASTODON, "Pay\u200bPal says hello")

    assert draft["state"] == "pending_review"
    (hidden,) = draft["body"]["hidden"]
    assert "U+200B" in hidden["shown"]
    assert (draft["body"]["limit"], draft["body"]["unit"]) == (500, "characters")


async def test_scheduled_post_waits_for_its_time_and_is_then_published_by_itself(crier: Crier) -> None:
    text = f"At noon {token_hex(4)}"
    at = datetime.now(UTC) + timedelta(seconds=6)
    draft = await crier.drafts(Platform.MASTODON, text, at=at.isoformat())
    approval = await crier.approve(draft)

    early = await crier.execute(draft, approval)
    before = crier.posted(Platform.MASTODON, text)
    done = await eventually(
        lambda: crier.hired.deliverables(of_run=draft["goal_run_id"]),
        lambda found: found[0]["state"] == "executed",
    )

    assert (early.status_code, early.json()["reason"]) == (403, "precondition_failed")
    assert early.json()["risk_codes"] == ["TOO_EARLY"]
    assert before == []
    assert len(crier.posted(Platform.MASTODON, text)) == 1
    assert done[0]["execution_id"] is not None


async def test_batch_signs_one_approval_for_each_and_refuses_what_changed(crier: Crier) -> None:
    drafts = [await crier.drafts(Platform.MASTODON, f"Batch {number} {token_hex(3)}") for number in range(3)]
    items = [
        {"deliverable_id": draft["deliverable_id"], "action_hash": draft["draft"]["action_hash"]}
        for draft in drafts
    ]
    items[1]["action_hash"] = "sha256:" + "0" * 64

    answer = await crier.http.post("/api/cp/approvals/batch", json={"items": items})

    first, changed, last = answer.json()["items"]
    assert first["approval"]["action_hash"] == items[0]["action_hash"]
    assert last["approval"]["action_hash"] == items[2]["action_hash"]
    assert first["approval"]["approval_id"] != last["approval"]["approval_id"]
    assert (changed["approval"], changed["refusal"]["reason"]) == (None, "action_changed")


async def test_kill_switch_of_the_platform_stops_an_approved_post(crier: Crier) -> None:
    text = f"Stopped {token_hex(4)}"
    draft = await crier.drafts(Platform.LINKEDIN, text)
    approval = await crier.approve(draft)
    scope = f"hired_agent:{crier.hired.instance_id}"
    switch = f"/api/pp/kill-switches/{scope}"
    await crier.scene.operator.http.put(switch, json={"engaged": True, "reason": "test"})

    refused = await crier.execute(draft, approval)

    await crier.scene.operator.http.put(switch, json={"engaged": False, "reason": "test"})
    assert (refused.status_code, refused.json()["reason"]) == (403, "kill_switch")
    assert crier.posted(Platform.LINKEDIN, text) == []


async def test_post_whose_account_is_gone_expires_and_the_customer_is_told(crier: Crier) -> None:
    at = datetime.now(UTC) + timedelta(seconds=3)
    draft = await crier.drafts(Platform.FACEBOOK, f"Never {token_hex(4)}", at=at.isoformat())
    await crier.approve(draft)

    ref = draft["draft"]["action"]["credential_ref"]
    (await crier.http.delete(f"/api/cp/platform-credentials/{ref}")).raise_for_status()
    done = await eventually(
        lambda: crier.hired.deliverables(of_run=draft["goal_run_id"]),
        lambda found: found[0]["state"] == "expired",
    )

    told = (await crier.http.get("/api/v1/notifications?unread=true")).json()["items"]
    (news,) = [one for one in told if one["subject_id"] == done[0]["deliverable_id"]]
    assert (news["kind"], news["link"]) == ("not_carried_out", f"/deliverables/{done[0]['deliverable_id']}")
