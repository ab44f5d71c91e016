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
from web.services.enforcement.recording import ENTITY


@dataclass(frozen=True)
class HotspotActions:
    """Actions with their states, the newest act first."""

    code: str
    name: str
    rows: list[ActionWithState]


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
    return HotspotActions(identity.code, identity.name, rows)
