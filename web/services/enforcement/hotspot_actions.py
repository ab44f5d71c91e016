"""What was done under enforcement inside a hotspot's outline; the look is in the audit."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from geodata import detections
from geodata.core.errors import NotFoundError
from geodata.enforcement import actions
from geodata.enforcement.actions import ActionWithState
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.days import local_day
from web.services.enforcement.notice_deadlines import OpenNotice, open_notices
from web.services.enforcement.recording import ENTITY


@dataclass(frozen=True)
class HotspotActions:
    """Actions with their states, the newest act first; what open ones wait for, by key."""

    code: str
    name: str
    rows: list[ActionWithState]
    waiting: dict[int, OpenNotice]


def actions_at(session: Session, code: str, actor: Actor) -> HotspotActions:
    """Actions inside the newest outline of a hotspot, its edge included.

    Raises
    ------
    NotFoundError
        There is no such hotspot, or no run holds it.
    """
    identity = detections.find_by_code(session, code)
    history = detections.history_of(session, identity.id)
    if not history:
        raise NotFoundError(f"no detection run holds {code}")
    rows = actions.within(session, history[0][1].geometry)
    audit.write(session, actor, "list", ENTITY, after={"hotspot": identity.code, "rows": len(rows)})
    waiting = open_notices(session, rows, local_day(actor.now))
    return HotspotActions(identity.code, identity.name, rows, waiting)
