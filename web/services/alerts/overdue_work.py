"""Whom to tell that background work is late: once a day for each kind, until it is done again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.core.vocabulary import Role
from geodata.rules.days import local_day
from web.services.alerts.watching import Overdue
from web.services.mail import letters
from web.services.mail.letters import Sender
from web.services.mail.queueing import queue_for_each


def tell(
    session: Session,
    sender: Sender,
    council: Iterable[str],
    late: Sequence[Overdue],
    *,
    now: datetime,
) -> int:
    """Queue a mail to the administrators and the council's own address; how many.

    Parameters
    ----------
    council
        Addresses besides those of the administrators' accounts.
    late
        As from `web.services.alerts.watching.overdue`.
    """
    readers = sorted({*council, *users.emails(session, Role.ADMIN)})
    day = local_day(now).isoformat()
    return sum(
        queue_for_each(
            session,
            readers,
            f"late:{each.kind}:{day}",
            letters.work_is_late(sender, each.sentence),
            kind="late_work",
            now=now,
        )
        for each in late
    )
