from pathlib import Path

from cli.docs import DENIALS, render_denials
from shared.denials import DenialReason

ROOT = Path(__file__).parents[3]


def test_the_page_of_denials_is_current() -> None:
    assert (ROOT / DENIALS).read_text() == render_denials(), "run `countersign docs denials`"


def test_every_reason_has_a_row() -> None:
    page = render_denials()

    assert all(f"| `{reason}` |" in page for reason in DenialReason)
