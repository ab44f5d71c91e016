"""Columns that the store keeps sealed; who opened it with the site's key reads them as plain.

The key goes with the engine: ``Store`` puts a ``Sealer`` on its dialect, which each value passes.
"""

import json
from typing import Any

from sqlalchemy import Dialect, Engine, String, Text
from sqlalchemy.types import TypeDecorator

from geodata.core.sealing import Sealer

_PLAIN = Sealer()


class Sealed(TypeDecorator[str]):
    """A text sealed for its place, ``table.column``; queries see whether it is empty, no more."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else sealer_of(dialect).seal(value, self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else sealer_of(dialect).unseal(value, self.place)


class SealedDocument(TypeDecorator[Any]):
    """A JSON document, sealed for its place as a whole."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return sealer_of(dialect).seal(json.dumps(value, ensure_ascii=False), self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(sealer_of(dialect).unseal(value, self.place))


class BlindIndex(TypeDecorator[str]):
    """Finds the rows whose column ``of`` is equal, by a keyed hash; it reads back as that hash."""

    impl = String
    cache_ok = True

    def __init__(self, of: str) -> None:
        super().__init__(64)
        self.of = of

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return sealer_of(dialect).index(value) if value else None


def sealer_of(dialect: Dialect) -> Sealer:
    """What an engine seals by; nothing where its store was opened without a key."""
    sealer: Sealer = getattr(dialect, "hotspots_sealer", _PLAIN)
    return sealer


def seal_by(engine: Engine, sealer: Sealer) -> None:
    """Let an engine seal and read by a key from here on."""
    engine.dialect.hotspots_sealer = sealer  # type: ignore[attr-defined]
