"""The call ledger keeps the newest entries and never counts twice."""

from sandbox.ledger import CallLedger, LedgerEntry


def record(ledger: CallLedger) -> LedgerEntry:
    return ledger.record(at_s=0.0, venue="delta", method="GET", path="/", query="", body="", api_key=None)


def test_full_ledger_forgets_the_oldest() -> None:
    ledger = CallLedger(max_entries=2)

    for _ in range(3):
        record(ledger)

    assert [entry.seq for entry in ledger.newest_first()] == [3, 2]


def test_cleared_ledger_counts_on() -> None:
    ledger = CallLedger(max_entries=2)
    record(ledger)

    ledger.clear()

    assert list(ledger.newest_first()) == []
    assert record(ledger).seq == 2
