"""Outcomes sent at once, sent twice, and a server killed: nothing lost, nothing doubled.

The long version is ``tests/benchmarks/storm.py``.
"""

from geodata.store.engine import Store
from tests.benchmarks import storm


def test_outcomes_sent_at_once_and_again_are_each_recorded_once(council: Store) -> None:
    ids = storm.make_incidents(council, 20)
    assert storm.at_once(council, ids, times=3, workers=8) == 20
    assert sorted(storm.stored_keys(council)) == sorted(f"storm-{key}" for key in ids)
    assert storm.half_done(council) == 0


def test_every_receipt_that_was_shown_outlives_a_kill(council: Store) -> None:
    ids = storm.make_incidents(council, 60)
    url = council.engine.url.render_as_string(hide_password=False)
    shown = storm.receipts_until_killed(url, ids, after_s=0.2)
    kept = storm.stored_keys(council)
    assert shown
    assert set(shown) <= set(kept)
    assert len(kept) == len(set(kept))
    assert storm.half_done(council) == 0
    assert storm.at_once(council, ids[:5], times=1, workers=2) == 5  # and it goes on
