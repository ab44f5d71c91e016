"""The data dictionary: every table and column of the store, from the SQLAlchemy models.

A column's meaning is, first found: the string below it in the model; its line in
``column_meanings.toml`` under the table; the row that its foreign key names; its line there under
``any``, for names that mean the same in every table.
"""

import inspect
import sys
import tomllib
from pathlib import Path

from sqlalchemy import Column
from sqlalchemy.orm import Mapper

from docs.generators.attribute_docs import attribute_docs
from geodata.core import types
from geodata.models import Base

MEANINGS = tomllib.loads(
    (Path(__file__).parent / "column_meanings.toml").read_text(encoding="utf-8")
)
"""Table → column → meaning."""
EVERYWHERE = "any"
TYPE_NAMES = {
    "BIGINT": "whole number",
    "BLOB": "bytes",
    "BOOLEAN": "yes or no",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "INTEGER": "whole number",
    "TEXT": "text",
}


def data_dictionary() -> str:
    """All tables as Markdown, by the module of ``geodata.models`` that holds them."""
    parts = []
    for module, mappers in _by_module().items():
        parts.append(f"## {module.rpartition('.')[2]}\n\nIn `{module.replace('.', '/')}.py`.\n")
        parts += [_table(mapper) for mapper in mappers]
    return "\n".join(parts)


def mappers() -> list[Mapper[Base]]:
    """Every table's class, by module and then in the order of the file."""
    return sorted(
        Base.registry.mappers,
        key=lambda mapper: (
            mapper.class_.__module__,
            inspect.getsourcelines(mapper.class_)[1],
        ),
    )


def _by_module() -> dict[str, list[Mapper[Base]]]:
    groups: dict[str, list[Mapper[Base]]] = {}
    for mapper in mappers():
        groups.setdefault(mapper.class_.__module__, []).append(mapper)
    return groups


def _table(mapper: Mapper[Base]) -> str:
    rows = [
        f"| `{column.name}` | {type_name(column)} | {_null(column)} | {meaning(mapper, column)} |"
        for column in mapper.local_table.columns
    ]
    return "\n".join(
        [
            f"### {mapper.local_table.name}\n",
            f"{inspect.getdoc(mapper.class_)}\n",
            "| column | type | may be empty | meaning |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _null(column: Column[object]) -> str:
    return "yes" if column.nullable else "no"


def type_name(column: Column[object]) -> str:
    """What a column holds, as a reader of the file sees it."""
    if isinstance(column.type, types.Geometry):
        return f"{column.type.kind.lower()}, EPSG:{column.type.srid}"
    if isinstance(column.type, types.UTCDateTime):
        return "instant, UTC"
    if isinstance(column.type, types.Document):
        return "JSON"
    length = getattr(column.type, "length", None)
    return f"text, {length}" if length else TYPE_NAMES[str(column.type).partition("(")[0]]


def meaning(mapper: Mapper[Base], column: Column[object]) -> str:
    """One sentence.

    Raises
    ------
    KeyError
        Nothing says what the column means: write a string below it in the model.
    """
    table, name = mapper.local_table.name, column.name
    written = attribute_docs(sys.modules[mapper.class_.__module__])[mapper.class_.__name__]
    attribute = mapper.get_property_by_column(column).key  # not always called as the column is
    for source, key in ((written, attribute), (MEANINGS.get(table, {}), name)):
        if key in source:
            return str(source[key])
    common = MEANINGS[EVERYWHERE].get(name)
    if column.foreign_keys and not common:
        target = next(iter(column.foreign_keys)).column.table.name
        return f"The `{target}` it belongs to."
    if not common:
        raise KeyError(f"nothing says what {table}.{name} means: write a string below it")
    return str(common)
