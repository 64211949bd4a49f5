"""The generated pages: the list of attacks, and what they prove of AISVS C9.2."""

from collections.abc import Mapping, Sequence

from cli.attack.catalogue import ATTACKS, NOT_TRIED
from cli.attack.model import Attack, Demand, NotTried, Verdict
from cli.attack.scorecard import Entry, Scorecard

DEMANDS: Mapping[Demand, str] = {
    Demand.HUMAN: "An action of high impact needs the approval of a person; no path leads round it",
    Demand.DISPLAY: "The approver is shown the action complete and canonical, nothing cut off or transformed",
    Demand.BINDING: "The approval is bound by cryptography to the exact parameters",
    Demand.REQUESTER: "It is bound to who asked and in which context",
    Demand.NONCE: "Each approval has an id of its own, which no other statement can take",
    Demand.SINGLE_USE: "It can be used once",
    Demand.EXPIRY: "It expires, and is refused afterwards",
    Demand.KEYS: "Signing keys, and the code that verifies, are out of the agent's reach",
    Demand.VOID_ON_CHANGE: "It is void when the tool or the policy it was given under changes",
}


_LIMITS = (
    "",
    "What this does not show: tools of MCP servers, which cannot be connected yet; quorum, as one person approves;",
    "and a change of the platform's own limits, which does not void an approval: its action is checked again under",
    "the limits of the moment. A change of the account's key or settings does void it.",
)


def render_attacks() -> str:
    """One row for each known failure, tried or not."""
    entries = sorted([*ATTACKS, *NOT_TRIED], key=_sort_key)
    head = [
        "# Attacks",
        "",
        "How gates, vaults, runs and audits were bypassed elsewhere, one number for each known failure, and what",
        "tries it here. `make attack` (`countersign attack`) tries them on the running stack, `--line 3` one of them;",
        "`tests/attacks` tries the same in every test run. An attack holds when each refusal has its reason and the",
        "exchange and the platforms got exactly the orders and posts that were approved. Lines from 61 on are about",
        "agent types, which are data here and were code elsewhere. This page is generated from",
        "`cli/attack/catalogue.py`: `countersign docs attacks`.",
        "",
        "| line | how others fell | what is tried here | where |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *(_row(entry) for entry in entries), ""])


def render_aisvs(card: Scorecard) -> str:
    """What a run of the attacks proves; a demand fails with the first attack that was not held."""
    head = [
        "# AISVS C9.2: approval of actions of high impact",
        "",
        "The OWASP AI Security Verification Standard asks in C9.2 how a person's approval of an agent's action must be",
        "made. Each demand is held against the attacks that try to break it. This page is generated from the results",
        "of a run, not from intentions: `countersign attack --json results.json`, then",
        "`countersign docs aisvs --results results.json`; `tests/attacks` fails when it says something else than the",
        "run of the day.",
        "",
        "| demand | state | attacks ([list](attacks.md)) |",
        "| --- | --- | --- |",
    ]
    rows = [_demand_row(demand, card.attacks) for demand in DEMANDS]
    return "\n".join([*head, *rows, *_LIMITS, ""])


def _demand_row(demand: Demand, entries: Sequence[Entry]) -> str:
    proofs = [entry for entry in entries if demand in entry.proves]
    wanted = [attack for attack in ATTACKS if demand in attack.proves]
    marks = "<br>".join(f"{entry.line} {entry.title}: {entry.verdict}" for entry in proofs)
    if len(proofs) < len(wanted) or not wanted:
        state = "not proved"
    else:
        state = "proved" if all(entry.verdict is Verdict.HELD for entry in proofs) else "**FAILS**"
    return f"| {DEMANDS[demand]} | {state} | {marks} |"


def _row(entry: Attack | NotTried) -> str:
    match entry:
        case Attack():
            module = getattr(entry.act, "__module__", "").replace(".", "/")
            return f"| {entry.line} | {entry.title} | {entry.tried} | `{module}.py` |"
        case NotTried():
            where = ", ".join(f"`{path}`" for path in entry.by)
            return f"| {entry.line} | {entry.title} | {entry.verdict}: {entry.reason} | {where} |"


def _sort_key(entry: Attack | NotTried) -> tuple[int, str]:
    digits = entry.line.rstrip("abc")
    return int(digits), entry.line
