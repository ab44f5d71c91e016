"""The partnership's table: twelve months against the twelve before, area by area."""

from web.services.committee.document import Block, Heading, Note, Paragraph, Table
from web.services.committee.report_facts import Facts
from web.services.partnership import comparison_words as words
from web.services.partnership.comparison_table import Row
from web.services.partnership.judging import Comparison
from web.services.partnership.series import Terms

PARTNERS, OWN = "Figures of partners", "The council's own figures"
PEOPLE = "People that rates are per"
LARGEST_P = "5%"
NOT_KNOWN = "not known"


def partnership_section(facts: Facts) -> list[Block]:
    """Partners' figures, our own, and whom rates are per."""
    table = facts.comparison
    blocks: list[Block] = [
        Heading("The partnership's figures"),
        Paragraph(
            f"{table.window}, against {table.window.earlier}. An arrow stands where chance does "
            f"not explain the difference, by an exact test at {LARGEST_P}: of twenty series in "
            "which nothing happened one is called a change. No change means that chance could "
            "explain it."
        ),
        *(Note(each.sentence) for each in table.withheld),
    ]
    names = [area.name for area in table.areas]
    if table.partners:
        blocks.append(_table(PARTNERS, names, table.partners))
    else:
        blocks.append(Paragraph("No table of a partner is here yet for this version."))
    blocks.append(_table(OWN, names[:1], table.own))
    if table.people:
        blocks.append(_people(facts))
    return blocks


def _table(caption: str, areas: list[str], rows: list[Row]) -> Table:
    return Table(
        caption,
        ("Figure", *areas),
        tuple(
            (_head(row.terms), *(_cell(row.terms, comparison) for comparison in row.cells))
            for row in rows
        ),
        (0.24, *(0.76 / len(areas) for _ in areas)),
    )


def _head(terms: Terms) -> str:
    exempt = f" Exempt: paragraph {terms.paragraph}." if terms.paragraph else ""
    return f"{terms.name}. {words.POLARITIES[terms.polarity]}{exempt}"


def _cell(terms: Terms, comparison: Comparison | None) -> str:
    if comparison is None:
        return "No figures"
    figure, before = (
        words.figure_words(terms, each) for each in (comparison.after, comparison.before)
    )
    if figure == before == NOT_KNOWN and words.notes(comparison):
        return f"Not known. {'. '.join(words.notes(comparison))}."
    change = words.change_words(terms, comparison)
    change_sentence = f"{figure} from {before}" + (f", {change}" if change else "")
    parts = [
        change_sentence,
        " ".join(
            part
            for part in (words.verdict_words(comparison), words.probability_words(comparison))
            if part
        ),
        words.rate_words(comparison),
        comparison.pattern,
        *words.notes(comparison),
    ]
    return ". ".join(f"{part[0].upper()}{part[1:]}" for part in parts if part) + "."


def _people(facts: Facts) -> Table:
    rows = tuple(
        (
            each.area.name,
            f"{each.later.people:,} in {each.later.year}",
            f"{each.earlier.people:,} in {each.earlier.year}",
            each.later.source,
        )
        for each in facts.comparison.people
    )
    return Table(
        PEOPLE,
        ("Area", "Later 12 months", "Earlier 12 months", "Source"),
        rows,
        (0.2, 0.24, 0.24, 0.32),
    )
