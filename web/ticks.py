"""Background work of a server: what it needs from the settings, and the thread that does it."""

import logging
import threading

from geodata.store.engine import Store
from web.clock import utc_now
from web.config import Config
from web.council import in_force, name_in
from web.senders import sender_of
from web.services.admin.retention import Terms
from web.services.admin.ticking import TickSettings, tick
from web.services.mail.mailing import MailSettings

EVERY_S = 60.0
log = logging.getLogger(__name__)


def terms_of(config: Config) -> Terms:
    """How long an installation keeps what ends by itself."""
    return Terms(config.retention_months, config.record_years, config.backup_days)


def tick_settings(config: Config, council: str) -> TickSettings:
    """The settings of one installation."""
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
    return TickSettings(
        sender_of(config, council),
        mail,
        crews=tuple(filter(None, (config.contractor_email,))),
        council=tuple(filter(None, (config.csu_email,))),
        briefed=tuple(filter(None, map(str.strip, config.briefing_email.split(",")))),
        retention_months=config.retention_months,
        record_years=config.record_years,
        backup_days=config.backup_days,
        nightly_hour=config.nightly_hour,
        private_hosts=config.allowed_private_hosts,
    )


class Ticker(threading.Thread):
    """Ticks once a minute until it is stopped, whatever a tick comes to."""

    def __init__(self, store: Store, config: Config, *, every_s: float = EVERY_S) -> None:
        super().__init__(name="ticker", daemon=True)
        self.store, self.config, self.every_s = store, config, every_s
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                tick(self.store, self._settings(), clock=utc_now)
            except Exception:
                log.exception("a tick failed; the next comes in %.0f s", self.every_s)
            self._ended.wait(self.every_s)

    def _settings(self) -> TickSettings:
        """Of now: the council's name may have changed since the last tick."""
        with self.store.reading() as session:
            return tick_settings(in_force(session, self.config), name_in(session, self.config))

    def stop(self) -> None:
        """End after the tick that is going on."""
        self._ended.set()
        self.join()
