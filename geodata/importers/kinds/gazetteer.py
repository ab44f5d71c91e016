"""Postcodes, streets and names to find places by, from Ordnance Survey's open files."""

from pathlib import Path

import pandas as pd
import shapely
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geodata import places
from geodata.files.columns import Field
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table
from geodata.importers.kinds.kind import Kind
from geodata.importers.os_open import read_gazetteer
from geodata.importers.parsed import Parsed
from geodata.models import GazetteerEntry, GazetteerWord
from geodata.places.gazetteer import search_name, words_of

AROUND_M = 10_000
"""People near the border report from the other side of it, and must be told whose it is."""
CHUNK = 5_000


def _read(session: Session, path: Path, *_: str | None) -> Table:
    area = places.borough(session)
    if area is None:
        raise FileRefusedError(
            "this store knows no borough to take the names around: make one with  "
            "hotspots init --area WARDS.geojson"
        )
    rows = read_gazetteer(path, area.buffer(AROUND_M).bounds)
    return Table(rows.set_axis(pd.RangeIndex(1, 1 + len(rows))))


def _entry(parsed: Parsed) -> None:
    parsed.take_name("name")
    parsed.take("kind", lambda texts: texts)
    parsed.take("district", lambda texts: texts.str[:100])
    parsed.columns["search_name"] = [
        search_name(name, kind)
        for name, kind in zip(parsed.texts("name"), parsed.texts("kind"), strict=True)
    ]
    points = shapely.points(
        pd.to_numeric(parsed.texts("east")), pd.to_numeric(parsed.texts("north"))
    )
    parsed.columns["geometry"] = points


def _index_words(session: Session, batch: int, _: pd.DataFrame) -> None:
    columns = (GazetteerEntry.id, GazetteerEntry.name, GazetteerEntry.district)
    named = select(*columns).where(
        GazetteerEntry.batch_id == batch, GazetteerEntry.kind != "postcode"
    )
    rows = [
        {"entry_id": key, "word": word}
        for key, name, district in session.execute(named)
        for word in sorted(set(words_of(f"{name} {district or ''}")))
    ]
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(GazetteerWord), rows[start : start + CHUNK])


GAZETTEER = Kind(
    "gazetteer",
    GazetteerEntry,
    (Field("name"), Field("kind"), Field("district"), Field("east"), Field("north")),
    _entry,
    needs_position=False,
    read=_read,
    finish=_index_words,
    children=(GazetteerWord.entry_id,),
)
