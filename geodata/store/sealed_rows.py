"""Everything in the store that is sealed by the site's key: counted, and sealed again."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table, Text, func, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from geodata.core.sealed_columns import BlindIndex, Sealed, SealedDocument, sealer_of
from geodata.core.sealing import Sealer
from geodata.models import Base


def unsealed(session: Session) -> int:
    """How many rows hold what the store's key has not sealed; none where it has no key."""
    if not (prefix := _sealer(session).prefix):
        return 0
    counts = [
        session.scalar(select(func.count()).select_from(table).where(_is_unsealed(table, prefix)))
        for table in _tables()
    ]
    return sum(filter(None, counts))


def seal_rows(session: Session, *, old_key: str = "") -> int:
    """Seal by the store's key what it has not sealed; how many rows.

    Raises
    ------
    SealedStoreError
        Something was sealed by neither key.
    """
    reader = _sealer(session).reading_also(old_key)
    if not reader.prefix:
        return 0
    return sum(_seal_table(session, table, reader) for table in _tables())


def _seal_table(session: Session, table: Table, reader: Sealer) -> int:
    columns = _sealed(table)
    raw = [type_coerce(column, Text).label(column.name) for column in columns]
    rows = session.execute(
        select(table.c.id, *raw).where(_is_unsealed(table, reader.prefix)).order_by(table.c.id)
    ).all()
    for row in rows:
        plain = {c.name: _plain(reader, c, getattr(row, c.name)) for c in columns}
        indexes = {c.name: plain[c.type.of] for c in table.c if isinstance(c.type, BlindIndex)}
        change = update(table).where(table.c.id == row.id)
        session.execute(
            change.values(
                {name: _raw(reader, table.c[name], text) for name, text in plain.items()} | indexes
            )
        )
    return len(rows)


def _tables() -> Iterator[Table]:
    return (table for table in Base.metadata.sorted_tables if _sealed(table))


def _sealed(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if isinstance(column.type, Sealed | SealedDocument)]


def _is_unsealed(table: Table, prefix: str) -> Any:
    """Whether any sealed column holds words that the key of this prefix did not seal."""
    raw = [type_coerce(column, Text) for column in _sealed(table)]
    return or_(*((text != "") & ~text.startswith(prefix, autoescape=True) for text in raw))


def _plain(reader: Sealer, column: Column[Any], stored: str | None) -> str | None:
    return None if stored is None else reader.unseal(stored, _place(column))


def _raw(reader: Sealer, column: Column[Any], text: str | None) -> Any:
    sealed = None if text is None else reader.seal(text, _place(column))
    return type_coerce(sealed, Text)


def _place(column: Column[Any]) -> str:
    assert isinstance(column.type, Sealed | SealedDocument)
    return column.type.place


def _sealer(session: Session) -> Sealer:
    return sealer_of(session.get_bind().dialect)
