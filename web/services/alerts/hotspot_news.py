"""What the watchers of a hotspot are told after a run: what changed since the run before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import detections
from geodata.detections import hotspot_records
from geodata.detections.hotspot_records import Watcher

if TYPE_CHECKING:
    from geodata.models import DetectionRun, Hotspot


@dataclass(frozen=True)
class News:
    """A change of a watched hotspot, in sentences, and who asked to hear of it."""

    code: str
    name: str
    sentences: tuple[str, ...]
    watchers: Sequence[Watcher]


def news_of_run(session: Session, run_id: int) -> list[News]:
    """News for every watched hotspot that a run changed, by code.

    It is compared with the run that looks from the moment before; the first run is no news.
    """
    run = detections.find_run(session, run_id)
    before = detections.run_before(session, run)
    if before is None:
        return []
    then, now = _flagged(session, before.id), _flagged(session, run.id)
    news: list[News] = []
    for identity in detections.identities(session):
        watchers = hotspot_records.watchers_of(session, identity.id)
        sentences = _sentences(session, run, identity.id, then, now) if watchers else ()
        if sentences:
            news.append(News(identity.code, identity.name, sentences, watchers))
    return news


def _flagged(session: Session, run_id: int) -> dict[int, Hotspot]:
    return {identity.id: hotspot for hotspot, identity in detections.hotspots_of(session, run_id)}


def _sentences(
    session: Session, run: DetectionRun, key: int, then: dict[int, Hotspot], now: dict[int, Hotspot]
) -> tuple[str, ...]:
    sentences = []
    if key in now and key not in then:
        sentences.append(f"It is flagged again: {now[key].reason}.")
    if key in then and key not in now:
        sentences.append("It is not flagged any more.")
    if key in then and key in now and then[key].hotspot_class != now[key].hotspot_class:
        sentences.append(f"It was {then[key].hotspot_class} and is {now[key].hotspot_class} now.")
    for succession in detections.successions_at(session, run.id):
        pair = {succession.from_identity_id, succession.to_identity_id}
        if key in pair:
            (other_key,) = pair - {key}
            other = detections.find_identity(session, other_key)
            what = "A part of it split off" if succession.kind == "split" else "It was merged"
            sentences.append(f"{what}: see {other.code}, {other.name}.")
    return tuple(sentences)
