"""Background work of a server: what it needs from the settings, and the thread that does it."""

import logging
import threading
from pathlib import Path
from typing import Protocol

from flask import current_app

from geodata.core.kept_years import years_of
from geodata.store.engine import Store
from web.basemap import ground_file
from web.clock import utc_now
from web.config import Config
from web.council import in_force, name_in
from web.server.senders import sender_of
from web.services.admin.retention_schedule import Terms
from web.services.background.tick_settings import TickSettings
from web.services.background.ticking import do_asked, tick
from web.services.mail.mailing import MailSettings
from web.services.mail.notify import NotifySettings

EVERY_S = 60.0
log = logging.getLogger(__name__)


def terms_of(config: Config) -> Terms:
    """How long an installation keeps what ends by itself."""
    return Terms(
        config.retention_months,
        config.record_years,
        config.backup_days,
        years_of(config.enforcement_years),
        years_of(config.audit_years),
    )


def import_folder(config: Config, store: Store) -> Path:
    """Where files lie that people sent to be imported."""
    if config.import_folder:
        return Path(config.import_folder).absolute()
    beside = store.path or Path("hotspots")
    return beside.with_name(f"{beside.stem}.imports").absolute()


def tick_settings(
    config: Config, council: str, ground: Path | None = None, files: Path | None = None
) -> TickSettings:
    """The settings of one installation.

    ``ground`` is the file of the ground of its maps, ``files`` the folder of files to be imported.
    """
    mail = None
    if config.smtp_host and config.mail_from:
        mail = MailSettings(
            config.smtp_host,
            config.smtp_port,
            config.mail_from,
            config.smtp_user,
            config.smtp_password,
            config.smtp_starttls,
        )
    texts = None
    if config.notify_api_key and config.notify_template_id:
        texts = NotifySettings(config.notify_api_key, config.notify_template_id, config.notify_url)
    return TickSettings(
        sender_of(config, council),
        mail,
        texts,
        crews=tuple(filter(None, (config.contractor_email,))),
        council=tuple(filter(None, (config.csu_email,))),
        briefed=tuple(filter(None, map(str.strip, config.briefing_email.split(",")))),
        terms=terms_of(config),
        nightly_hour=config.nightly_hour,
        private_hosts=config.allowed_private_hosts,
        ground=ground,
        import_folder=files,
    )


def settings_now(config: Config, store: Store) -> TickSettings:
    """Of now: the council's name may have changed since the last tick."""
    ground = ground_file(config, store)
    with store.reading() as session:
        of_now, council = in_force(session, config), name_in(session, config)
    return tick_settings(of_now, council, ground, import_folder(of_now, store))


class Ticker(threading.Thread):
    """Ticks once a minute, and when it is woken, until it is stopped, whatever a tick comes to.

    ``drafts_alone``: it does what somebody waits for on a page, and leaves the rest to another
    scheduler.
    """

    def __init__(
        self,
        store: Store,
        config: Config,
        *,
        every_s: float = EVERY_S,
        drafts_alone: bool = False,
    ) -> None:
        super().__init__(name="ticker", daemon=True)
        self._work = do_asked if drafts_alone else tick
        self.store, self.config, self.every_s = store, config, every_s
        self._ended, self._woken = threading.Event(), threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            self._woken.clear()
            try:
                self._work(self.store, settings_now(self.config, self.store), clock=utc_now)
            except Exception:
                log.exception("a tick failed; the next comes in %.0f s", self.every_s)
            self._woken.wait(self.every_s)

    def wake(self) -> None:
        """Tick now: somebody waits for what was just asked for."""
        self._woken.set()

    def stop(self) -> None:
        """End after the tick that is going on."""
        self._ended.set()
        self.wake()
        self.join()


class Bell(Protocol):
    """Whatever does the background work here."""

    def wake(self) -> None:
        """Do now what was just asked for."""


def wake() -> None:
    """Let background work that was just asked for begin, where this server does it itself."""
    ticker: Bell | None = current_app.extensions.get("ticker")
    if ticker is not None:
        ticker.wake()
