"""Officers keep or drop what imported texts say of people, one by one or a whole file's."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.importers import marked_texts
from geodata.importers.marked_texts import Marked, MarkedFile
from geodata.incidents import neighbours, open_incidents
from geodata.people import holds
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.rules.days import local_day
from geodata.store.engine import lock
from web.services.incidents import incident_assignment

SHOWN = 50
MOST_AT_ONCE = 500
"""Of a whole file, so that nobody else waits long for the store."""
NOUNS = {
    "report": "Report",
    "clearance": "Outcome",
    "place": "Place",
    "intervention": "Measure",
}


@dataclass(frozen=True)
class MarkedLine:
    """A text, and what of it looks like a name or a home."""

    text: Marked
    what: str
    names: list[str]


@dataclass(frozen=True)
class MarkedPage:
    """What waits: the files, and the texts of the one that is asked for, or of all."""

    files: list[MarkedFile]
    lines: list[MarkedLine]

    @property
    def waiting(self) -> int:
        return sum(file.texts for file in self.files)


def open_page(session: Session, batch_id: int | None) -> MarkedPage:
    """The next texts to look at."""
    texts = marked_texts.waiting(session, batch_id=batch_id, limit=SHOWN)
    return MarkedPage(marked_texts.files(session), [_line(text) for text in texts])


def _line(text: Marked) -> MarkedLine:
    names = found_in(text.words, is_spot=text.column == "landmark")
    return MarkedLine(text, NOUNS[text.table], names)


def decide(
    session: Session,
    mark_ids: Collection[int],
    *,
    batch_id: int | None,
    keeps: bool,
    reason: str,
    actor: Actor,
) -> int:
    """Keep some texts as their file has them, or leave out what was found; how many.

    Parameters
    ----------
    batch_id
        Of the import whose next ``MOST_AT_ONCE`` texts are meant; None: those of ``mark_ids``.

    Raises
    ------
    RefusedError
        None is chosen, or one that is to be left out is under a legal hold.
    NotFoundError
        Somebody decided on one of them already.
    """
    wanted = sorted(set(mark_ids))
    if batch_id is not None:
        wanted = marked_texts.ids_of_file(session, batch_id, limit=MOST_AT_ONCE)
    if not wanted:
        raise RefusedError("no text is chosen: tick those that you mean")
    lock(session, incident_assignment.LOCK)
    held = holds.held(session, local_day(actor.now)).report_ids
    if not keeps and marked_texts.of_reports(session, wanted, held):
        raise RefusedError(
            "a report of these is under a legal hold: its text cannot be let go, keep it as written"
        )
    decided = [
        marked_texts.settle(
            session, key, keeps=keeps, user_id=actor.user_id, reason=reason, now=actor.now
        )
        for key in wanted
    ]
    if keeps:
        _settle_incidents(session, {key for key in decided if key is not None})
    return len(wanted)


def _settle_incidents(session: Session, report_ids: Collection[int]) -> None:
    """An incident is told by its reports' words: landmarks that are back stand on it too."""
    for incident_id in sorted(neighbours.incidents_of(session, report_ids)):
        incident_assignment.settle(session, open_incidents.by_id(session, incident_id))
