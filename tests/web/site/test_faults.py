"""Killed at random moments, each kind of work leaves a sound store and whole things.

The long version is ``tests/benchmarks/faults.py``.
"""

from pathlib import Path

import pytest

from geodata.store.engine import Store
from tests.benchmarks import faults

KILLS = 3


@pytest.mark.parametrize("kind", ["imports", "ticks", "detections", "migrations"])
def test_killed_at_random_moments_nothing_is_lost_or_half_done(
    store: Store, tmp_path: Path, kind: str
) -> None:
    faults.plant_borough(store)
    for number in range(5):
        faults.report(store, 100 + number)
    url = store.engine.url.render_as_string(hide_password=False)
    store.engine.dispose()
    assert faults.fire(kind, faults.Scene(url, tmp_path), kills=KILLS) == []


def test_what_is_half_done_is_seen(store: Store, tmp_path: Path) -> None:
    faults.plant_borough(store)
    faults.report(store, 1)
    scene = faults.Scene("", tmp_path)
    assert faults.faults_left(store, scene) == []
    with store.writing() as session:
        faults.outbox.drop(session, key_prefix="fault:")
    assert faults.faults_left(store, scene) == ["1 reports more than mails about them"]
