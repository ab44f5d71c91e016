"""Look for successes, and put those that are new before the press office."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store import good_news
from web.services.good_news.fewer_dumps import fewer_dumps
from web.services.good_news.gone_hotspots import gone_hotspots
from web.services.good_news.kept_promises import kept_promises
from web.services.good_news.proposal import Proposal

ENTITY = "good_news"


def look_for_successes(session: Session, *, now: datetime) -> list[Proposal]:
    """Successes of today that nobody was told of; reads alone."""
    successes = [
        *gone_hotspots(session),
        *kept_promises(session, now=now),
        *fewer_dumps(session, now=now),
    ]
    known = good_news.known_keys(session, [each.key for each in successes])
    return [each for each in successes if each.key not in known]


def propose(session: Session, proposals: Iterable[Proposal], by: Actor) -> int:
    """Put them before the press office; how many were new."""
    return sum(_propose(session, each, by) for each in proposals)


def _propose(session: Session, proposal: Proposal, by: Actor) -> bool:
    key = good_news.propose(
        session,
        proposal.key,
        kind=proposal.kind,
        ward=proposal.ward,
        figures=proposal.figures,
        words=proposal.words,
        user_id=by.user_id,
        now=by.now,
    )
    if key is not None:
        audit.write(session, by, "propose", ENTITY, key, after={"about": proposal.key})
    return key is not None
