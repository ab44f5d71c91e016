"""What a file does not say and whoever sends it does: one value for all its rows."""

from dataclasses import replace

from geodata.files.columns import match_columns
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table
from geodata.importers.kinds.kind import Kind
from geodata.importers.options import ImportOptions


def with_constants(table: Table, kind: Kind, options: ImportOptions) -> Table:
    """The table with a column of each such field; what the file says itself stays as it is.

    Raises
    ------
    FileRefusedError
        The kind has no such field.
    """
    names = [field.name for field in kind.fields]
    headers = [str(column) for column in table.rows]
    columns = match_columns(headers, (kind.reference, *kind.fields), options.mapping)
    rows = table.rows
    for name, value in options.constants.items():
        if name not in names:
            raise FileRefusedError(
                f"{name}={value}: there is no field {name!r}; choose from {', '.join(names)}"
            )
        column = columns.get(name, name)
        texts = rows[column].where(rows[column] != "", value) if name in columns else value
        rows = rows.assign(**{column: texts})
    return replace(table, rows=rows.astype(object))
