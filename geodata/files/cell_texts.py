"""Values of cells as texts."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation


def cell_text(cell: object) -> str:
    """What a cell says, as a CSV file would write it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def percent_text(number: float | str) -> str:
    """A number that its cell shows as a percentage, as the sheet shows it.

    >>> percent_text(0.45), percent_text("1.005")
    ('45%', '100.5%')
    """
    try:
        return f"{(Decimal(str(number)) * 100).normalize():f}%"
    except InvalidOperation:
        return str(number)
