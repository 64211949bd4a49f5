"""Attacks on hired agents: secrets in what they are told, somebody else's agents, work outside of their life."""

from secrets import token_hex

from cli.attack import forge, store
from cli.attack.agents import (
    TRADING,
    Agent,
    ask_configuration,
    ask_to_finalize,
    configure,
    desk_of,
    finalize,
    hire,
    poster_type,
    publish_type,
    subscribe,
)
from cli.attack.scene import Scene
from cli.attack.trader import Json, Trader, done
from shared.contracts.sign_in import Role
from shared.ids import uuid7

SECRET, NOT_FOUND = "403 raw_secret_rejected", "404 not_found"
INVALID = ("422 validation_failed", "422 invalid_fields")
ENTER: Json = {"coin": "BTC", "units": "0.01", "side": "long", "action": "enter", "order_type": "market"}


async def secret_in_what_it_is_told(scene: Scene) -> None:
    """Put a secret into a configuration, a goal's settings or an upgrade, by name, by shape and by chance."""
    trader = await scene.trader()
    subscription = await subscribe(trader, TRADING)
    secrets: dict[str, Json] = {
        "a field named api_key": {"api_key": token_hex(8)},
        "a nested password": {"theme": {"password": token_hex(8)}},
        "a live key as nickname": {"nickname": f"sk_live_{token_hex(12)}"},
        "a token in a list": {"allowed_coins": ["BTC", f"ghp_{token_hex(18)}"]},
        "a random text": {"nickname": "Zx9Qw3Rt7Yu1Io5Pa8Sd2Fg6Hj4Kl0"},
    }
    for name, fields in secrets.items():
        answer = await ask_configuration(trader, subscription, desk_of(trader, **fields))
        scene.refused(f"configure with {name}", answer, SECRET)
    answer = await ask_configuration(trader, subscription, desk_of(trader))
    agent = Agent(trader, await finalize(trader, done(answer, "configure")))
    for name, settings in {
        "a token": {"token": token_hex(8)},
        "a key": {"coin": f"sk_live_{token_hex(12)}"},
    }.items():
        answer = await agent.ask_goal("trade_intent_draft", settings=ENTER | settings)
        scene.refused(f"a goal with {name}", answer, SECRET)
    body = {
        "version": agent.shown["version"],
        "agent_type_version": 1,
        "config": desk_of(trader, api_secret="x" * 30),
    }
    scene.refused("an upgrade with a secret", await agent.ask("POST", "/upgrade", body), SECRET)
    kept = await store.tables_containing(scene.target, "Zx9Qw3Rt7Yu1Io5Pa8Sd2Fg6Hj4Kl0")
    scene.check("tables that kept the text", expected=[], seen=kept)


async def agents_of_others(scene: Scene) -> None:
    """Use another customer's agent, goal, run, subscription and account; also by what is stored."""
    victim, thief = await scene.trader("the victim"), await scene.trader("the thief")
    theirs = await hire(victim, TRADING, desk_of(victim))
    goal = await theirs.set_goal("trade_intent_draft", settings=ENTER)
    borrowed = Agent(thief, theirs.shown)
    for method, path in (
        ("GET", ""),
        ("GET", "/goals"),
        ("GET", "/runs"),
        ("GET", "/deliverables"),
        ("POST", "/pause"),
        ("DELETE", f"/goals/{goal['goal_id']}"),
    ):
        scene.refused(f"{method} another's agent{path[:6]}", await borrowed.ask(method, path), NOT_FOUND)
    scene.refused("run another's goal", await borrowed.ask_run(goal), NOT_FOUND)
    scene.refused(
        "set another's goal", await borrowed.ask_goal("trade_intent_draft", settings=ENTER), NOT_FOUND
    )
    own = await hire(thief, TRADING, desk_of(thief))
    scene.refused("run another's goal as one's own", await own.ask_run(goal), NOT_FOUND)
    answer = await ask_configuration(thief, theirs.shown["subscription_id"], desk_of(thief))
    scene.refused("configure on another's subscription", answer, NOT_FOUND)
    await _check_borrowed_account(scene, victim, thief, own)


async def _check_borrowed_account(scene: Scene, victim: Trader, thief: Trader, own: Agent) -> None:
    drafted = await configure(thief, TRADING, desk_of(thief, exchange_credential_ref=victim.account))
    scene.check("a draft with another's account is whole", expected=False, seen=drafted["configured"])
    scene.refused("finalize with another's account", await ask_to_finalize(thief, drafted), *INVALID)
    changed = await store.reconfigure(
        scene.target, own.shown["hired_instance_id"], "exchange_credential_ref", victim.account
    )
    scene.check("rows that the attacker changed", expected=1, seen=changed)
    found = await own.delivered("trade_intent_draft", settings=ENTER)
    scene.check("what is drafted on it", expected="[] or ['failed']", seen=[one["state"] for one in found])
    calls = await scene.exchange.calls(victim.api_key, method="GET")
    drafts = await thief.items("/api/v1/deliverables")
    refs = {one["draft"]["action"]["credential_ref"] for one in drafts if one["draft"]}
    scene.check("drafts on the victim's account", expected=False, seen=victim.account in refs)
    scene.check("reads of the victim's account", expected=0, seen=len(calls))


async def outside_its_life(scene: Scene) -> None:
    """Let an agent work that is a draft, paused, past its trial, ended, or gone."""
    trader = await scene.trader()
    drafted = Agent(trader, await configure(trader, TRADING, desk_of(trader)))
    answer = await drafted.ask_goal("trade_intent_draft", settings=ENTER)
    scene.refused("a goal of a draft", answer, "409 wrong_state")
    agent = await hire(trader, TRADING, desk_of(trader))
    goal = await agent.set_goal("trade_intent_draft", settings=ENTER)
    (draft,) = await agent.delivered("trade_intent_draft", settings=ENTER)
    approval_id = await trader.approve(draft)
    done(await agent.ask("POST", "/pause"), "pause")
    scene.refused("run while paused", await agent.ask_run(goal), "409 wrong_state")
    done(await agent.ask("POST", "/resume"), "resume")
    subscription_id = agent.shown["subscription_id"]
    await store.end_subscription(scene.target, subscription_id, "trial_ends_at")
    scene.refused("execute after the trial", await trader.execute(draft, approval_id), "403 trial_expired")
    await store.end_subscription(scene.target, subscription_id, "ends_at")
    for name, ended in (("run", agent.ask_run(goal)), ("resume", agent.ask("POST", "/resume"))):
        scene.refused(f"{name} after the end", await ended, "409 subscription_ended")
    answer = await agent.ask_goal("trade_intent_draft", settings=ENTER)
    scene.refused("set a goal after the end", answer, "409 subscription_ended")
    scene.refused("execute after the end", await trader.execute(draft, approval_id), "403 trial_expired")
    await store.end_subscription(scene.target, subscription_id, "retained_until")
    scene.refused("read it when it is gone", await agent.ask("GET", ""), "410 subscription_gone")


async def life_prolonged_by_others(scene: Scene) -> None:
    """Announce a longer subscription, or a richer plan, to Plant as the customer or as the other portal."""
    trader = await scene.trader()
    agent = await hire(trader, TRADING, desk_of(trader))
    subscription_id = agent.shown["subscription_id"]
    notice: Json = {
        "subscription_id": subscription_id,
        "customer_id": str(trader.customer_id),
        "agent_type_id": TRADING,
        "plan": "standard",
        "task_limit": None,
        "budget_limit": None,
        "trial_ends_at": None,
        "ends_at": None,
        "retained_until": None,
        "version": 99,
    }
    path = f"/internal/v1/subscriptions/{subscription_id}"
    scene.refused("at the customer portal", await trader.http.put(path, json=notice), NOT_FOUND)
    callers: dict[str, Json] = {
        "as a customer": {"actor_type": forge.ActorType.CUSTOMER},
        "as the operators' portal": {"issuer": forge.Issuer.PP},
    }
    for name, who in callers.items():
        gateway = await forge.at_gateway(scene, trader.customer_id, **who)
        scene.refused(name, await gateway.put(path, json=notice), "403 not_allowed")
    gateway = await forge.at_gateway(scene, uuid7())
    scene.refused("for another customer", await gateway.put(path, json=notice), "403 not_allowed")
    own = await trader.items("/api/cp/subscriptions")
    scene.check("the plan", expected=["trial"], seen=[one["plan"] for one in own])


async def unpublished_type(scene: Scene) -> None:
    """Hire a type that is a draft, retired or made up, and change a published one behind its customers' backs."""
    trader, admin = await scene.trader(), await scene.operator()
    draft, published = poster_type(), poster_type()
    path = f"/api/pp/agent-types/{draft['agent_type_id']}"
    done(await admin.put(f"{path}/draft", json=draft), "draft")
    await publish_type(admin, published)
    agent = await hire(trader, published["agent_type_id"], {"name": "Poster"})
    for name, type_id in (("a draft", draft["agent_type_id"]), ("a type made up", "attack.nothing.v1")):
        answer = await trader.http.post(
            "/api/cp/subscriptions", json={"agent_type_id": type_id, "plan": "trial"}
        )
        scene.refused(f"hire {name}", answer, *INVALID)
    scene.refused(
        "see a draft", await trader.http.get(f"/api/v1/agent-types/{draft['agent_type_id']}"), NOT_FOUND
    )
    path = f"/api/pp/agent-types/{published['agent_type_id']}"
    done(await admin.put(f"{path}/draft", json=published | {"summary": "Changed"}), "draft of version 2")
    done(await admin.post(f"{path}/versions/1/retire"), "retire")
    body = {"agent_type_id": published["agent_type_id"], "plan": "trial"}
    scene.refused("hire a retired one", await trader.http.post("/api/cp/subscriptions", json=body), *INVALID)
    upgrade = {"version": agent.shown["version"], "agent_type_version": 2}
    answer = await agent.ask("POST", "/upgrade", upgrade)
    scene.refused("upgrade to the draft", answer, NOT_FOUND, "409 wrong_state")
    kept = (await agent.ask("GET", "")).json()
    scene.check("the version that is kept", expected=1, seen=kept["agent_type_version"])


async def stopped_agent(scene: Scene) -> None:
    """Work on with an agent whose kill switch is engaged: by execution, by run, by a name like it."""
    trader, operator = await scene.trader(), await scene.operator(Role.OPERATOR)
    agent, twin = await hire(trader, TRADING, desk_of(trader)), await hire(trader, TRADING, desk_of(trader))
    (draft,) = await agent.delivered("trade_intent_draft", settings=ENTER)
    (other,) = await twin.delivered("trade_intent_draft", settings=ENTER | {"units": "0.02"})
    approvals = [await trader.approve(one) for one in (draft, other)]
    scope = f"hired_agent:{agent.shown['hired_instance_id']}"
    body = {"engaged": True, "reason": "an attack is being tried"}
    scene.refused("engage it", await operator.put(f"/api/pp/kill-switches/{scope}", json=body), "200")
    scene.refused("execute its draft", await trader.execute(draft, approvals[0]), "403 kill_switch")
    await store.forget_instance(scene.target, draft["deliverable_id"])
    answer = await trader.execute(draft, approvals[0])
    scene.refused("with the agent's name taken off the stored draft", answer, "403 approval_action_mismatch")
    await trader.until((await trader.release(other, approvals[1]))["execution_id"])
