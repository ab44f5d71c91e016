"""When a session ends by itself: unused for too long, or begun too long ago."""

from datetime import datetime, timedelta

from geodata.accounts.sessions import OpenSession, Stage
from geodata.core.vocabulary import Role
from web.config import Config, ConfigError

HALF_WAY = timedelta(minutes=15)
"""For a code, or to set up a second factor, after the password."""
NOTED_EVERY = timedelta(minutes=5)
"""That a session is in use is written so often at most."""


def idle_end(config: Config, role: str) -> timedelta:
    """How long a session lives without a page."""
    if role == Role.CONTRACTOR:
        return timedelta(hours=config.crew_session_idle_hours)
    return timedelta(minutes=config.session_idle_minutes)


def absolute_end(config: Config, role: str) -> timedelta:
    """How long a session lives in any case."""
    if role == Role.CONTRACTOR:
        return timedelta(days=config.crew_session_days)
    return timedelta(hours=config.session_hours)


def longest(config: Config) -> timedelta:
    """How long a browser may keep a cookie at most."""
    return max(absolute_end(config, role) for role in Role)


def is_over(config: Config, opened: OpenSession, role: str, *, now: datetime) -> bool:
    """Whether a session has ended by itself."""
    if opened.stage != Stage.FULL:
        return now - opened.begun_at > HALF_WAY
    return now - opened.begun_at > absolute_end(
        config, role
    ) or now - opened.last_used_at > idle_end(config, role)


def is_due_to_note(config: Config, opened: OpenSession, role: str, *, now: datetime) -> bool:
    """Whether it is time to write that a session is in use."""
    return now - opened.last_used_at > min(NOTED_EVERY, idle_end(config, role) / 4)


def check(config: Config) -> None:
    """Refuse ends that would let nobody in.

    Raises
    ------
    ConfigError
        One is not above zero.
    """
    for name in (
        "session_idle_minutes",
        "session_hours",
        "crew_session_idle_hours",
        "crew_session_days",
    ):
        if getattr(config, name) < 1:
            raise ConfigError(f"{name} is {getattr(config, name)}: write a number above 0")
