"""What the background work needs to know, and what one round of it did."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from geodata.store.engine import Store
from web.services.admin.retention_schedule import Terms
from web.services.mail.letters import Sender
from web.services.mail.mailing import MailSettings
from web.services.mail.notify import NotifySettings


@dataclass(frozen=True)
class TickSettings:
    """What the background work needs to know of the installation.

    Attributes
    ----------
    mail
        The mail server; None: mails wait.
    texts
        GOV.UK Notify; None: text messages wait.
    crews, council
        Addresses besides those of the contractor's accounts: of the contractor, and of the
        community-safety unit.
    briefed
        Addresses that get the daily briefing.
    terms
        How long what ends by itself is kept.
    nightly_hour
        London hour from which hotspots are detected, once a night.
    private_hosts
        Hosts of other systems that may have a private address.
    ground
        The file of the ground of the maps in reports; None: they are drawn without.
    import_folder
        Where files lie that people sent to be imported; None: nowhere.
    """

    sender: Sender
    mail: MailSettings | None = None
    texts: NotifySettings | None = None
    crews: tuple[str, ...] = ()
    council: tuple[str, ...] = ()
    briefed: tuple[str, ...] = ()
    terms: Terms = field(default_factory=Terms)
    nightly_hour: int = 3
    private_hosts: frozenset[str] = frozenset()
    ground: Path | None = None
    import_folder: Path | None = None


@dataclass
class Ticked:
    """What one tick did; ``problems`` are sentences about what it could not do."""

    has_run: bool = True
    queued: int = 0
    sent: int = 0
    waiting: int = 0
    texts_sent: int = 0
    drafts_dropped: int = 0
    photos_destroyed: int = 0
    contacts_deleted: int = 0
    mails_forgotten: int = 0
    texts_blanked: int = 0
    followers_deleted: int = 0
    marked_deleted: int = 0
    backups_deleted: int = 0
    cases_blanked: int = 0
    entries_blanked: int = 0
    hotspots: int | None = None
    pushed: int = 0
    requests_taken: int = 0
    papers: int = 0
    shifts: int = 0
    files_taken: int = 0
    files_deleted: int = 0
    released: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


Clock: TypeAlias = Callable[[], datetime]
Part: TypeAlias = Callable[[Store, TickSettings, Ticked, Clock], None]
"""One kind of work: does what is due of it, and adds to what was done."""
