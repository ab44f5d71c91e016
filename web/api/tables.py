"""Tables for Excel and Power BI, by addresses that bear their key where nothing else can."""

from typing import Annotated

from flask import Response, url_for
from pydantic import Field

from geodata.core.errors import NotFoundError
from geodata.core.vocabulary import Scope
from web.api.keyed import refuse_without
from web.api.moments import Day
from web.api.operations import KeyQuery, Operation, Outgoing, holder, operation
from web.database import read_session
from web.services.api.table_files import MEDIA, MOST_ROWS, as_file
from web.services.api.tables import TABLES, Days, Table, rows_of


class TableQuery(KeyQuery):
    """Which rows."""

    first: Annotated[Day | None, Field(description="Only from this day on, in London")] = None
    last: Annotated[Day | None, Field(description="Only up to this day, in London")] = None


class TableColumn(Outgoing):
    """A column in the words of Table Schema."""

    name: str
    type: str
    description: str


class TableWords(Outgoing):
    """A table, its columns, and where it is."""

    name: str
    title: str
    scope: str
    csv: str
    xlsx: str
    parquet: str
    fields: list[TableColumn]


class TableList(Outgoing):
    tables: list[TableWords]


@operation(
    "/tables",
    Operation(
        "Read the data dictionary of the tables",
        TableList,
        Scope.READ_PUBLIC,
        KeyQuery,
        takes_key_in_address=True,
    ),
)
def table_list(query: KeyQuery) -> TableList:
    """Tables that the key opens, each column with its type and meaning."""
    return TableList(tables=[_words(each) for each in TABLES.values() if holder().may(each.scope)])


@operation(
    "/tables/<name>.<ending>",
    Operation(
        "Read a table",
        None,
        Scope.READ_PUBLIC,
        TableQuery,
        takes_key_in_address=True,
        may_find_nothing=True,
        may_refuse=True,
        media=tuple(MEDIA.values()),
    ),
)
def table(name: str, ending: str, query: TableQuery) -> Response:
    """As csv, xlsx or parquet, whole; the workbook holds its data dictionary."""
    if name not in TABLES:
        raise NotFoundError(f"There is no table {name[:40]!r}: choose from {', '.join(TABLES)}")
    if ending not in MEDIA:
        raise NotFoundError(f"There is no format {ending[:40]!r}: choose from {', '.join(MEDIA)}")
    wanted = TABLES[name]
    refuse_without(wanted.scope, holder())
    days = Days(query.first, query.last)
    rows = rows_of(read_session(), wanted, days, most=MOST_ROWS[ending])
    answer = Response(as_file(wanted, rows, ending), mimetype=MEDIA[ending])
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.{ending}"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _words(described: Table) -> TableWords:
    return TableWords(
        name=described.name,
        title=described.title,
        scope=described.scope,
        **{
            ending: url_for(".table", name=described.name, ending=ending, _external=True)
            for ending in MEDIA
        },
        fields=[
            TableColumn(name=each.name, type=each.type, description=each.meaning)
            for each in described.columns
        ],
    )
