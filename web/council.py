"""The council's name: as it is set now, in every process."""

from dataclasses import fields, replace

from flask import current_app, g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from geodata.core.errors import StoreError
from geodata.rules.days import local_day
from geodata.store import settings
from web.clock import utc_now
from web.config import Config
from web.database import close_session, open_session
from web.services.settings.contacts import stored

UNNAMED = "Your council"


def name_in(session: Session, config: Config) -> str:
    """As the installation fixes it, or else as the store holds it."""
    name: str = config.council_name or settings.read(session, settings.COUNCIL_NAME, UNNAMED)
    return name


def in_force(session: Session, config: Config) -> Config:
    """The installation's settings with those of the store where the installation has none.

    What is set where the program runs wins, as with the council's name.
    """
    held = stored(session, local_day(utc_now()))
    own = {name: value for name, value in held.items() if not is_fixed(config, name)}
    return replace(config, **own)  # type: ignore[arg-type]


def is_fixed(config: Config, name: str) -> bool:
    """Whether a setting is given where the program runs."""
    plain: dict[str, object] = {f.name: f.default for f in fields(Config)}
    return bool(getattr(config, name) != plain[name])


def settings_in_force() -> Config:
    """The settings for this request."""
    return in_force(open_session(), current_app.config["HOTSPOTS"])


def council_name() -> str:
    """The name for this request, read once from one indexed row.

    A page that tells that the store does not answer shows the name that was read last.
    """
    if "council_name" not in g:
        try:
            session = open_session()
            with session.no_autoflush:
                latest = name_in(session, current_app.config["HOTSPOTS"])
            current_app.config["COUNCIL_NAME"] = latest
        except (StoreError, SQLAlchemyError):
            close_session()  # what reads next must not find it broken
            latest = current_app.config["COUNCIL_NAME"]
        g.council_name = latest
    name: str = g.council_name
    return name
