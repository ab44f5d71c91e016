"""The released figures as files: the same cells as the page, for a spreadsheet or a program."""

import csv
import io

from geodata.exporters import harmless
from web.services.publishing.public_figures import MonthFigures, PublicFigures, YearFigures

COLUMNS = (
    "period",
    "area",
    "reported",
    "fell_due",
    "cleared",
    "cleared_in_time",
    "cleared_in_time_percent",
    "released_at",
    "revised_at",
)


def as_records(figures: PublicFigures) -> list[dict[str, object]]:
    """One record a month of the borough, and one a ward and year; None where withheld."""
    months = [_of_month(month) for month in figures.months]
    return months + [record for year in figures.years for record in _of_year(year)]


def _of_month(month: MonthFigures) -> dict[str, object]:
    return {
        "period": month.name,
        "area": "The whole borough",
        "reported": month.reported,
        "fell_due": month.due,
        "cleared": month.cleared,
        "cleared_in_time": month.in_time,
        "cleared_in_time_percent": month.in_time_percent,
        "released_at": month.released_at.isoformat(),
        "revised_at": month.revised_at and month.revised_at.isoformat(),
    }


def _of_year(year: YearFigures) -> list[dict[str, object]]:
    blank = dict.fromkeys(COLUMNS)
    return [
        blank
        | {
            "period": year.name,
            "area": ward.name,
            "reported": ward.reported,
            "cleared_in_time_percent": ward.in_time_percent,
            "released_at": year.released_at.isoformat(),
        }
        for ward in year.wards
    ]


def as_csv(figures: PublicFigures) -> str:
    """The records as a table; an empty cell is withheld or not published for such an area."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    rows = as_records(figures)
    writer.writerows({name: harmless(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue()
