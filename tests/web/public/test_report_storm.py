"""Many at once: nothing lost, nothing doubled, on both stores."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from geodata.models import Incident, Report, ReportDraft
from geodata.store.engine import Store
from tests.web.reporting import begin, fill, send
from web.extensions import limiter

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AT_ONCE = 24
TRIES = 5
"""On a busy machine the last of many would wait longer than the site lets anybody wait."""


def at_once(work: Callable[[int], str], n: int = AT_ONCE) -> list[str]:
    """What n threads return that start together."""
    ready = threading.Barrier(n)

    def start(number: int) -> str:
        ready.wait()
        return work(number)

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(start, range(n)))


def count(store: Store, model: type) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def drafts(app: Flask, n: int, words: Callable[[int], str]) -> list[str]:
    keys = []
    for number in range(n):
        client = app.test_client()
        keys.append(begin(client))
        fill(client, keys[-1], words=words(number), nearby={"choice": "none"})
    return keys


def test_one_form_sent_by_many_threads_is_one_report(app: Flask, council: Store) -> None:
    (key,) = drafts(app, 1, lambda _: "TQ 5300 7400")
    references = at_once(lambda _: send(app.test_client(), key, tries=TRIES))
    assert len(set(references)) == 1
    assert count(council, Report) == count(council, Incident) == 1
    assert count(council, ReportDraft) == 0


@pytest.mark.parametrize("is_one_place", [True, False], ids=["one place", "many places"])
def test_many_forms_at_once_are_as_many_reports(
    app: Flask, council: Store, is_one_place: bool
) -> None:
    words = (lambda _: "TQ 5300 7400") if is_one_place else (lambda n: f"TQ 53{n:02} 7400")
    keys = drafts(app, AT_ONCE, words)
    references = at_once(lambda number: send(app.test_client(), keys[number], tries=TRIES))
    assert len(set(references)) == AT_ONCE
    with council.reading() as session:
        assert set(session.scalars(select(Report.reference))) == set(references)
        assert None not in session.scalars(select(Report.incident_id)).all()
        counted = session.scalar(select(func.sum(Incident.reports)))
    assert counted == AT_ONCE
    if is_one_place:
        assert count(council, Incident) == 1


def test_a_limiter_that_fails_costs_no_report(
    app: Flask, council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("threads can only be started once")  # as its counter does in a storm

    monkeypatch.setattr(type(limiter.limiter), "hit", fail)
    (key,) = drafts(app, 1, lambda _: "TQ 5300 7400")
    assert send(app.test_client(), key)
