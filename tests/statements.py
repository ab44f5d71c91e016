"""How many statements a store is sent: what a page must not send more of as the record grows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from geodata.store.engine import Store


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, in order."""
    sent: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", keep)
