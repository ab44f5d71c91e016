"""Settings that belong to one store, such as the council's name."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geodata.models import Setting

COUNCIL_NAME = "council_name"
IS_DEMO = "is_demo"


def read(session: Session, name: str, default: Any = None) -> Any:
    """A setting's value, or the default where it was never set."""
    row = session.scalar(select(Setting).where(Setting.name == name))
    return default if row is None else row.value


def read_several(session: Session, names: Collection[str]) -> dict[str, Any]:
    """The values of some settings, None where one was never set, by one query."""
    rows = session.scalars(select(Setting).where(Setting.name.in_(sorted(names))))
    return dict.fromkeys(names) | {row.name: row.value for row in rows}


def names(session: Session, beginning: str) -> list[str]:
    """Names of the settings that begin so, in the alphabet's order."""
    begins = Setting.name.startswith(beginning, autoescape=True)
    return list(session.scalars(select(Setting.name).where(begins).order_by(Setting.name)))


def write(session: Session, name: str, value: Any) -> None:
    """Set a setting to any JSON value; None takes it back, as if it had never been set."""
    row = session.scalar(select(Setting).where(Setting.name == name))
    if value is None:
        session.execute(delete(Setting).where(Setting.name == name))
    elif row is None:
        session.add(Setting(name=name, value=value))
    else:
        row.value = value
    session.flush()
