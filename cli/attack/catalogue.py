"""The one list of attacks: the number of the known failure, what it was, and the function that tries it here.

The numbers up to 60 are those of the project's collection of public failures; those from 61 on are of agent types,
which that has nothing of. `docs/attacks.md` is generated from this.
"""

from cli.attack import (
    approval_binding as binding,
)
from cli.attack import (
    approval_forgery as forgery,
)
from cli.attack import (
    approval_paths as paths,
)
from cli.attack import (
    approval_reuse as reuse,
)
from cli.attack import (
    audit,
    audit_export,
    authoring,
    four_eyes,
    hired,
    kill_switch,
    posts,
    runs,
    schedule,
    vault,
)
from cli.attack.model import Attack, Demand, NotTried

D = Demand
ATTACKS: tuple[Attack, ...] = (
    Attack("1", "approve one, execute another", binding.approve_one_execute_another, (D.BINDING,)),
    Attack("1", "approved for another platform", posts.approved_for_another_platform, (D.BINDING,)),
    Attack("2", "the decision is edited into another tool", binding.decision_switches_tool, (D.BINDING,)),
    Attack("2", "a post for an order", posts.post_for_order_and_order_for_post, (D.BINDING,)),
    Attack("3", "one approval presented many times", reuse.presented_many_times, (D.SINGLE_USE,)),
    Attack("3", "the same post twice", posts.same_post_many_times, (D.SINGLE_USE,), is_long=True),
    Attack("4", "arguments changed in stored state", binding.stored_state_changed, (D.BINDING,)),
    Attack("4", "a post's text changed", posts.text_changed_after_approval, (D.BINDING,), is_long=True),
    Attack("5", "forged approval", forgery.forged_approval, (D.KEYS,)),
    Attack("5", "genuine paper edited", forgery.genuine_paper_edited, (D.BINDING, D.EXPIRY, D.NONCE)),
    Attack("6", "forged rejection that injects content", forgery.forged_rejection),
    Attack("7", "request and approval both planted", forgery.request_and_approval_planted, (D.HUMAN,)),
    Attack("8", "borrowed ids, another session", forgery.borrowed_ids, (D.REQUESTER,)),
    Attack("8", "agents of others", hired.agents_of_others, (D.REQUESTER,)),
    Attack("9", "sticky approval beats a later rejection", reuse.rejected_after_approval, (D.HUMAN,)),
    Attack("10", "rejected call by another door", reuse.rejected_call_by_another_door, (D.HUMAN,)),
    Attack("11", "a second loop without the gate", paths.doors_without_the_gate, (D.HUMAN, D.KEYS)),
    Attack("12", "parallel and mixed batches", posts.mixed_batch, (D.BINDING, D.REQUESTER)),
    Attack("13", "arguments rewritten after approval", binding.arguments_rewritten_before_send, (D.BINDING,)),
    Attack("13", "a post's text rewritten", posts.text_rewritten_before_send, (D.BINDING,), is_long=True),
    Attack("14", "display that hides something", binding.what_is_shown_is_what_is_sent, (D.DISPLAY,)),
    Attack("14", "a post that hides something", posts.hidden_in_a_post, (D.DISPLAY,)),
    Attack("15", "approver is not a person", forgery.approver_is_not_a_person, (D.KEYS, D.REQUESTER)),
    Attack("17", "approver taken from the body", forgery.approver_from_the_body, (D.REQUESTER,)),
    Attack("18", "many votes for one draft", reuse.many_votes, (D.SINGLE_USE,)),
    Attack("19", "inputs that fail", paths.inputs_fail),
    Attack("20", "stale button", reuse.stale_button, (D.NONCE,)),
    Attack("21", "rules changed in between", paths.rules_changed_in_between, (D.VOID_ON_CHANGE,)),
    Attack("22", "approved before, executed after expiry", reuse.approved_before_executed_after, (D.EXPIRY,)),
    Attack("22", "released before its time", posts.released_before_its_time, (D.BINDING,)),
    Attack("23", "a durable retry uses it again", reuse.retried_until_it_fits, (D.SINGLE_USE,)),
    Attack("24", "rejected again and again", reuse.rejected_again_and_again),
    Attack("25", "one approval as a mandate", binding.one_approval_is_no_mandate, (D.SINGLE_USE, D.BINDING)),
    Attack("26", "administrator goes round", paths.administrator_goes_round, (D.HUMAN, D.REQUESTER)),
    Attack("35", "Host header against real destination", vault.other_host_in_a_header),
    Attack("36", "connector pointed elsewhere", vault.connector_pointed_elsewhere, (D.VOID_ON_CHANGE,)),
    Attack("38", "secret in a request", vault.secret_in_a_request),
    Attack("38", "secret in a configuration or goal", hired.secret_in_what_it_is_told),
    Attack("39", "an echo shows the key", vault.exchange_echoes_the_key, is_long=True),
    Attack("40", "hop-by-hop headers", vault.hop_by_hop_headers),
    Attack("42", "unknown host by default", vault.unknown_hosts),
    Attack("43", "requests forged through the server", vault.requests_forged_through_us),
    Attack("44", "key out of the vault without right", vault.bundle_without_right, (D.KEYS,)),
    Attack("44", "secret in tables, logs and traces", vault.secret_everywhere),
    Attack("51", "same key, other payload", binding.same_key_other_payload, (D.NONCE,)),
    Attack("52", "accepted, but the answer is lost", runs.accepted_but_the_answer_is_lost),
    Attack("52", "a look-alike order", runs.look_alike_order, is_long=True),
    Attack("53", "errors that invite a blind retry", runs.errors_invite_a_retry),
    Attack("54", "signal before the waiter", reuse.revoked_before_it_arrived),
    Attack("55", "crowd of waiters", runs.crowd_of_waiters),
    Attack("56", "a due time twice", schedule.due_time_twice),
    Attack("56", "clock changes", schedule.clock_that_jumps),
    Attack("56b", "ambiguous reset", kill_switch.ambiguous_reset),
    Attack("56b", "reset by others", kill_switch.reset_by_others),
    Attack("56b", "halt races with a release", kill_switch.halt_races_with_release, is_long=True),
    Attack("56b", "a stopped agent", hired.stopped_agent),
    Attack("56c", "partial snapshot", runs.partial_snapshot),
    Attack("57", "chain cut or re-written", audit.cut_or_rewritten, is_long=True),
    Attack("57", "changed by the service itself", audit.as_the_service_itself),
    Attack("58", "columns changed", audit.columns_changed),
    Attack("57", "rolled back to a backup", audit_export.rolled_back),
    Attack("59", "cherry-picked export", audit_export.cherry_picked, is_long=True),
    Attack("60", "effects and audit rows that do not match", audit.effects_and_rows_match),
    Attack("61", "definition that reaches outside", authoring.definition_that_reaches_outside),
    Attack("62", "definition that never ends", authoring.definition_that_never_ends),
    Attack("62", "bombs side by side", authoring.bombs_side_by_side),
    Attack("63", "agent type written by others", authoring.written_by_others),
    Attack("64", "agent type that is not published", hired.unpublished_type),
    Attack("65", "agent outside of its life", hired.outside_its_life),
    Attack("65", "life prolonged by others", hired.life_prolonged_by_others),
    Attack("66", "run asked for by others", schedule.run_forged_by_others),
    Attack("66", "goal outside of its template", schedule.goal_outside_its_template),
)

FOUR_EYES: tuple[Attack, ...] = (
    Attack("15", "approver is its own second", four_eyes.own_second),
    Attack("18", "two votes of one person", four_eyes.two_votes_of_one),
    Attack("18", "approval of one where two are demanded", four_eyes.one_where_two_are_demanded),
    Attack("20", "second one is shown something else", four_eyes.second_sees_something_else),
)
"""For a stack where a second operator must confirm what one approves for a customer."""

_NEEDS_TWO = "needs COUNTERSIGN_FOUR_EYES; `countersign attack` tries it too where that is on"
_FOUR_EYES = "tests/journeys/test_four_eyes.py"
_MCP = "until tools of MCP servers can be connected"
_CRASH, _FROZEN = "tests/journeys/test_scenario_crash.py", "tests/journeys/test_scenario_frozen.py"
NOT_TRIED: tuple[NotTried, ...] = (
    NotTried("12", "sub-agent, nested MCP", "until agents call agents or tools of MCP servers"),
    NotTried("16", "click by a non-approver in a chat", "until approvals can be given in a chat"),
    NotTried("27", "tool description changed", _MCP),
    NotTried("28", "call of a hidden tool", _MCP),
    NotTried("29", "body that slips past inspection", _MCP),
    NotTried("30", "handler path round the middleware", _MCP),
    NotTried("31", "sampling asked for by a server", _MCP),
    NotTried("32", "mount without authentication", _MCP),
    NotTried("33", "header selects the tool set", _MCP),
    NotTried("34", "revoked token still valid", _MCP),
    NotTried(
        "37",
        "redirect to another origin",
        "needs an exchange that redirects",
        ("tests/attacks/test_outbound.py",),
    ),
    NotTried(
        "41",
        "plain http",
        "needs production settings",
        ("tests/attacks/test_outbound.py", "tests/unit/shared/test_settings.py"),
    ),
    NotTried("45", "kill -9 around the send", "needs to restart processes", (_CRASH,)),
    NotTried("46", "frozen and thawed executor", "needs to stop processes", (_CRASH, _FROZEN)),
    NotTried("47", "two executors", "needs to start processes", (_CRASH,)),
    NotTried("48", "deploy with runs pending", "workers are replaced there, by the same version", (_CRASH,)),
    NotTried("49", "database restart during recovery", "needs to restart processes", (_FROZEN,)),
    NotTried("50", "drain overlap", "two workers get one job there, killed and not drained", (_CRASH,)),
    NotTried(
        "56", "cron on two nodes", "needs to start and kill processes", ("tests/journeys/test_scheduler.py",)
    ),
    NotTried("56b", "reset without quorum", "until the release of a kill switch asks for a second operator"),
    *(NotTried(attack.line, attack.title, _NEEDS_TWO, (_FOUR_EYES,)) for attack in FOUR_EYES),
)
