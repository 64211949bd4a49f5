import json
from pathlib import Path

from cli.attack.catalogue import ATTACKS as KNOWN_ATTACKS
from cli.attack.model import Demand, Verdict
from cli.attack.pages import DEMANDS, render_aisvs, render_attacks
from cli.attack.scorecard import Entry, Scorecard
from cli.docs import ATTACKS, DENIALS, Portal, render_denials, render_openapi
from shared.denials import DenialReason

ROOT = Path(__file__).parents[3]


def test_the_page_of_denials_is_current() -> None:
    assert (ROOT / DENIALS).read_text() == render_denials(), "run `countersign docs denials`"


def test_every_reason_has_a_row() -> None:
    page = render_denials()

    assert all(f"| `{reason}` |" in page for reason in DenialReason)


def test_the_page_of_attacks_is_current() -> None:
    assert (ROOT / ATTACKS).read_text() == render_attacks(), "run `countersign docs attacks`"


def test_document_of_a_portal_is_printed_without_settings_and_the_same_each_time() -> None:
    printed = render_openapi(Portal.PP)

    paths = json.loads(printed)["paths"]
    assert "/api/pp/kill-switches" in paths
    assert not [path for path in paths if not path.startswith(("/api/", "/health/", "/internal/"))]
    assert printed == render_openapi(Portal.PP)


def test_every_demand_is_attacked_and_has_a_row() -> None:
    assert {demand for attack in KNOWN_ATTACKS for demand in attack.proves} == set(Demand) == set(DEMANDS)


def test_demand_whose_attack_was_not_held_fails_and_one_that_was_not_played_is_not_proved() -> None:
    held = tuple(_entry(attack.line, attack.title, attack.proves) for attack in KNOWN_ATTACKS)
    breached = tuple(
        entry.model_copy(update={"verdict": Verdict.BREACH}) if Demand.EXPIRY in entry.proves else entry
        for entry in held
    )

    assert _states(held) == dict.fromkeys(Demand, "proved")
    assert _states(breached)[Demand.EXPIRY] == "**FAILS**"
    assert _states(held[:1])[Demand.EXPIRY] == "not proved"


def _entry(line: str, title: str, proves: tuple[Demand, ...]) -> Entry:
    return Entry(line=line, title=title, verdict=Verdict.HELD, proves=proves)


def _states(entries: tuple[Entry, ...]) -> dict[Demand, str]:
    rows = [line.split(" | ") for line in render_aisvs(Scorecard(attacks=entries)).splitlines()]
    by_text = {row[0].removeprefix("| "): row[1] for row in rows if len(row) == 3}
    return {demand: by_text[text] for demand, text in DEMANDS.items()}
