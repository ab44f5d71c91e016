"""The council's name: as it is set now, in every process."""

from flask import current_app, g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from geodata.core.errors import StoreError
from geodata.store import settings
from web.config import Config
from web.database import open_session

UNNAMED = "Your council"


def name_in(session: Session, config: Config) -> str:
    """As the installation fixes it, or else as the store holds it."""
    name: str = config.council_name or settings.read(session, settings.COUNCIL_NAME, UNNAMED)
    return name


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
            latest = current_app.config["COUNCIL_NAME"]
        g.council_name = latest
    name: str = g.council_name
    return name
