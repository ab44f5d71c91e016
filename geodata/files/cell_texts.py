"""Values of cells as texts."""

from datetime import date, datetime


def cell_text(cell: object) -> str:
    """What a cell says, as a CSV file would write it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
