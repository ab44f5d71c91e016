"""An account's sessions as its holder reads them."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from geodata.accounts.sessions import OpenSession
from web.auth.session_ends import absolute_end, is_over
from web.clock import utc_now


@dataclass(frozen=True)
class ShownSession:
    """One browser; ``ends_at`` is when it must sign in again in any case."""

    id: int
    device: str
    begun_at: datetime
    last_used_at: datetime
    ends_at: datetime


def shown_sessions(opened: list[OpenSession], role: str) -> list[ShownSession]:
    """Those that have not ended by themselves."""
    config, now = current_app.config["HOTSPOTS"], utc_now()
    return [
        ShownSession(
            each.id,
            each.device,
            each.begun_at,
            each.last_used_at,
            each.begun_at + absolute_end(config, role),
        )
        for each in opened
        if not is_over(config, each, role, now=now)
    ]
