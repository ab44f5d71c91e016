"""A clock that was set a year ahead for a while: once it is right, nothing waits for that year."""

from datetime import UTC, datetime, timedelta

import pytest

from geodata.accounts import sign_in_tries
from geodata.accounts.sign_in_tries import FREE_TRIES, ThrottledError
from geodata.people import outbox
from geodata.store import leases
from geodata.store.engine import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
YEAR, MINUTE = timedelta(days=365), timedelta(minutes=1)


def test_a_lease_that_was_taken_then_stops_no_tick(store: Store) -> None:
    with store.writing() as session:
        then = NOW + YEAR
        assert leases.take(session, "tick", "dead", until=then + 15 * MINUTE, now=then)
        assert leases.take(session, "tick", "next", until=NOW + 15 * MINUTE, now=NOW)
        # Another host, whose clock is two minutes behind, does not mistake it.
        assert not leases.take(session, "tick", "other", until=NOW, now=NOW - 2 * MINUTE)


def test_mails_that_were_queued_or_tried_then_are_sent_now(store: Store) -> None:
    words = {"kind": "x", "recipient": "jo@example.org", "subject": "s", "body": "b"}
    with store.writing() as session:
        for key, then in (("ahead", NOW + YEAR), ("on time", NOW), ("soon", NOW + MINUTE)):
            outbox.queue(session, key, **words, now=then)
        assert outbox.claim(session, 1, now=NOW + YEAR)
        assert set(outbox.due(session, now=NOW, limit=9)) == {1, 2}
        assert outbox.claim(session, 1, now=NOW)
        assert outbox.claim(session, 1, now=NOW) is None  # taken, by a clock that is right


def test_wrong_passwords_of_then_lock_nobody_out(store: Store) -> None:
    with store.writing() as session:
        for _ in range(FREE_TRIES):
            sign_in_tries.count(session, "key", now=NOW + YEAR)
        sign_in_tries.count(session, "key", now=NOW)
        with pytest.raises(ThrottledError, match="2 minutes"):
            sign_in_tries.count(session, "key", now=NOW)
