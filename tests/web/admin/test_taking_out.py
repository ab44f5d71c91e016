"""A long import is undone: hidden in a moment, deleted in pieces, and as if it had never come."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from geodata.core.errors import RefusedError
from geodata.models import Clearance, ImportBatch, Incident, Report
from geodata.store.engine import Store
from geodata.store.soundness import findings
from tests.web.admin.test_loading import ROWS, between_pieces, file, import_, report, seen
from tests.web.admin.test_loading import small as _small  # noqa: F401 - pieces of three rows
from tests.web.incidents.test_linking_around import NOW, History, stored
from tests.web.incidents.test_linking_in_pieces import add_batch
from web.services.imports import importing, loading, taking_out
from web.services.incidents.linking import relink


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], times: int) -> None:
    """Do something each time that what goes was reckoned under no lock; so many times."""
    left, reckoned = [act] * times, taking_out._reckoned_apart

    def then_act(*given: object) -> object:
        result = reckoned(*given)  # type: ignore[arg-type]
        if left:
            left.pop()()
        return result

    monkeypatch.setattr(taking_out, "_reckoned_apart", then_act)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_undone_and_happens_meanwhile_the_incidents_are_those_of_linking_everything(
    store: Store, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(importing, "MOST_AT_ONCE", -1)  # a history's batches do not say how long
    rng = np.random.default_rng(seed)
    with store.session(is_writer=True) as session:
        history = History(session, seed)
    for times in (0, 1, 3):
        for _ in range(3):
            add_batch(store, history)
        batch = int(rng.choice(history.batches))
        with store.reading() as session:
            before = stored(session)
        with monkeypatch.context() as patch:
            meanwhile(patch, lambda: add_batch(store, history), times)
            try:
                taking_out.undo(store, batch, now=NOW)
            except RefusedError:  # another's clearance answers a report of its
                if not times:
                    with store.reading() as session:
                        assert stored(session) == before
            else:
                history.batches.remove(batch)
        with store.writing() as session:
            ours = stored(session)
            relink(session, now=NOW)
            assert stored(session) == ours
    with store.engine.connect() as connection:
        assert findings(connection) == []


def test_others_see_all_of_it_or_nothing_and_what_is_left_goes_later(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_rest", lambda _: None)
    live = report(council, 552_050)
    batch = import_(council, file(tmp_path)) or 0
    assert taking_out.undo(council, batch, now=NOW, is_removed=False).rows == ROWS
    gone = (0, 1, 1, 1, 1, 0, 1)
    assert seen(council) == gone
    with council.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Report)) == ROWS + 1
    states = []
    between_pieces(monkeypatch, lambda _: states.append(seen(council)))
    loading.clear_cut_off(council)
    assert set(states[:-1]) == {gone}
    assert seen(council) == (1, *gone[1:])
    with council.reading() as session:
        assert session.get_one(ImportBatch, batch).undone_at == NOW
        assert session.scalars(select(Incident.key)).all() == [live]
    with council.engine.connect() as connection:
        assert findings(connection) == []
        assert connection.scalar(select(func.count()).select_from(Report)) == 1
    with pytest.raises(RefusedError, match="was undone on"):
        taking_out.undo(council, batch, now=NOW)
    assert import_(council, file(tmp_path))


def test_what_somebody_else_answered_stays_whole(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_rest", lambda _: None)
    batch = import_(council, file(tmp_path)) or 0
    with council.writing() as session:
        answered = session.scalars(select(Report.id)).first()
        session.add(
            Clearance(report_id=answered, outcome="cleared", occurred_at=NOW, recorded_at=NOW)
        )
    before = seen(council)
    with pytest.raises(RefusedError, match="later rows rest on it"):
        taking_out.undo(council, batch, now=NOW)
    assert seen(council) == before
