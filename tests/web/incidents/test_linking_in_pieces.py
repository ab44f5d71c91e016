"""A batch linked while nobody sees it, against everything linked anew."""

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import ImportBatch, Incident
from geodata.store.engine import Store
from tests.web.incidents.test_linking_around import NOW, History, stored
from web.services.incidents import linking_in_pieces
from web.services.incidents.linking import relink, relink_around
from web.services.incidents.linking_scope import NOTHING

PIECE = 2


def add_batch(store: Store, history: History, *, is_loading: bool = False) -> int:
    with store.writing(sees_unfinished=is_loading) as session:
        history.session = session
        touched = history.add_batch()
        batch = history.batches[-1]
        session.get_one(ImportBatch, batch).is_loading = is_loading
        if not is_loading:
            relink_around(session, touched, now=NOW)
    return batch


def pause_one(session: Session, rng: np.random.Generator) -> None:
    """An officer stops the clock of an open incident, as the record says it."""
    opened = session.scalars(select(Incident).where(Incident.state == "open")).all()
    if opened:
        opened[rng.integers(len(opened))].state = "paused"


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_meanwhile_the_incidents_are_those_of_linking_everything(
    store: Store, seed: int
) -> None:
    with store.session(is_writer=True) as session:
        history = History(session, seed)
    for _ in range(4):
        add_batch(store, history)
        batch = add_batch(store, history, is_loading=True)
        with store.reading() as session:
            before = stored(session)
        with store.reading(sees_unfinished=True) as session:
            history.session = session
            linked = linking_in_pieces.reckon(session, batch, history.touched(batch), now=NOW)
        for start in range(0, len(linked.own.incidents), PIECE):
            with store.writing(sees_unfinished=True) as session:
                piece = slice(start, start + PIECE)
                linking_in_pieces.write_own(session, linked, piece, now=NOW)
        with store.reading() as session:
            assert stored(session) == before
        add_batch(store, history)
        with store.writing() as session:
            pause_one(session, history.rng)
        with store.writing(sees_unfinished=True) as session:
            session.get_one(ImportBatch, batch).is_loading = False
            session.flush()
            linking_in_pieces.end(session, linked, besides=NOTHING, now=NOW)
            ours = stored(session)
            relink(session, now=NOW)
            assert ours == stored(session)
