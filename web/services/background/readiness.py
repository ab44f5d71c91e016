"""Can this site be relied on just now? What a monitor asks every few seconds."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geodata import migrations
from geodata.store.engine import Store
from geodata.store.writability import takes_writes
from web.services.alerts import watching

LEAST_FREE_BYTES = 500 * 1024 * 1024
"""Room for a write-ahead log and for what the site writes until somebody has read the alarm."""


@dataclass(frozen=True)
class Check:
    """One thing that must hold; ``detail`` says what does not, without a path or a person."""

    name: str
    is_ok: bool
    detail: str = ""


def checks(store: Store, *, now: datetime, sends_mail: bool) -> list[Check]:
    """Every check, each made whatever the others say.

    Parameters
    ----------
    sends_mail
        Whether a mail server is set; without one mails may wait.
    """
    with store.reading() as session:
        in_the_store = [*_work(session, now=now, sends_mail=sends_mail), _migrations(session)]
    return [_writes(store), *_disk(store), *in_the_store]


def _work(session: Session, *, now: datetime, sends_mail: bool) -> Iterator[Check]:
    late = {each.kind for each in watching.overdue(session, now=now, backs_up=False)}
    yield Check("tick", "tick" not in late, "no background work was done of late")
    is_sent = not sends_mail or "mails" not in late
    yield Check("outbox", is_sent, "mails have waited too long")


def _migrations(session: Session) -> Check:
    is_newest = migrations.is_newest(session.connection())
    return Check("migrations", is_newest, "the store's tables are not this program's")


def _writes(store: Store) -> Check:
    return Check("writes", takes_writes(store), "the store is read-only")


def _disk(store: Store) -> Iterator[Check]:
    if store.path is None:  # the server's disk is not ours to see
        return
    is_roomy = shutil.disk_usage(store.path.resolve().parent).free >= LEAST_FREE_BYTES
    yield Check("disk", is_roomy, "less than 500 MB are free beside the store")
