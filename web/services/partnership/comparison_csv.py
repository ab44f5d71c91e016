"""The comparison as a spreadsheet: the same rows, the same guard."""

import csv
import io
from collections.abc import Iterator

from geodata.exporters import harmless
from geodata.indicators.areas import Area
from geodata.indicators.observations import People
from web.services.partnership import comparison_words as words
from web.services.partnership.comparison_table import ComparisonTable
from web.services.partnership.judging import Comparison
from web.services.partnership.series import Figure, Terms

COLUMNS = (
    "version",
    "indicator",
    "area",
    "area_kind",
    "unit",
    "better",
    "class",
    "paragraph",
    "from",
    "to",
    "value",
    "of",
    "value_before",
    "of_before",
    "change",
    "rate_per_1000",
    "rate_per_1000_before",
    "people",
    "people_year",
    "people_before",
    "people_year_before",
    "people_source",
    "verdict",
    "p_value",
    "pattern",
    "notes",
    "source",
    "definition",
)


def as_csv(table: ComparisonTable) -> str:
    """A line an indicator and area, then one for each kind of indicator that is withheld."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in table.partners:
        for area, comparison in zip(table.areas, row.cells, strict=True):
            if comparison is not None:
                writer.writerow(_record(table, row.terms, area, comparison))
    for row in table.own:
        writer.writerow(_record(table, row.terms, table.known_areas[0], row.cells[0]))
    for each in table.withheld:
        writer.writerow({"version": table.audience.value, "notes": each.sentence})
    return text.getvalue()


def _record(
    table: ComparisonTable, terms: Terms, area: Area, comparison: Comparison | None
) -> dict[str, object]:
    if comparison is None:
        return {}
    earlier, later = comparison.rates
    cells = {
        "version": table.audience.value,
        "indicator": terms.name,
        "area": area.name,
        "area_kind": area.kind,
        "unit": terms.unit,
        "better": terms.polarity,
        "class": terms.disclosure,
        "paragraph": terms.paragraph,
        "from": table.window.first.isoformat(),
        "to": table.window.last.isoformat(),
        "value": _value(comparison.after),
        "of": comparison.after.of,
        "value_before": _value(comparison.before),
        "of_before": comparison.before.of,
        "change": None if comparison.change is None else round(comparison.change, 4),
        "rate_per_1000": _rounded(later),
        "rate_per_1000_before": _rounded(earlier),
        **_people(comparison.after_people, ""),
        **_people(comparison.before_people, "_before"),
        "people_source": comparison.after_people.source if comparison.after_people else None,
        "verdict": words.verdict_words(comparison),
        "p_value": None if comparison.p_value is None else f"{comparison.p_value:.6g}",
        "pattern": comparison.pattern,
        "notes": "; ".join(words.notes(comparison)),
        "source": terms.source,
        "definition": terms.definition,
    }
    return dict(_harmless(cells))


def _harmless(cells: dict[str, object]) -> Iterator[tuple[str, object]]:
    for name, cell in cells.items():
        yield name, harmless(cell) if isinstance(cell, str) else cell


def _value(figure: Figure) -> object:
    if figure.value is None:
        return f"<{figure.below}" if figure.below else None
    return int(figure.value) if figure.value == int(figure.value) else round(figure.value, 4)


def _people(people: People | None, when: str) -> dict[str, object]:
    if people is None:
        return {}
    return {f"people{when}": people.people, f"people_year{when}": people.year}


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 4)
