"""The hotspots: what class each is of, on what evidence, and what was done there."""

from hotspots.core.words import counted
from hotspots.detection.classes import CLASS_DEFINITIONS
from web.services.committee.document import Block, Heading, Note, Paragraph, Table
from web.services.committee.report_facts import Facts
from web.services.committee.sections.small_counts import small
from web.services.common.wording import date_in_words
from web.services.hotspots.hotspot_board import NEAR_M, BoardRow

NOTHING = "Nothing is recorded"
CAPTION = f"Hotspots, the strongest evidence first, and what was done within {NEAR_M} m"
CLASSES = "What the classes mean"


def hotspot_list(facts: Facts) -> list[Block]:
    """A table of all hotspots, numbered as on the map, and what the classes mean."""
    seen = facts.board
    day = date_in_words(seen.as_of.date())
    blocks: list[Block] = [
        Heading("Hotspots"),
        Paragraph(
            f"A hotspot is a place where incidents recur more than chance explains. The run "
            f"of {day} searched {counted(seen.months, 'month')} and "
            f"{counted(seen.incidents, 'incident')}. It flagged "
            f"{counted(len(seen.rows), 'hotspot')}. The numbers are those of the map in "
            f"Appendix A."
        ),
    ]
    if seen.note:
        blocks.append(Note(seen.note))
    if seen.rows:
        blocks += [_table(facts), _classes(seen.rows)]
    if seen.hidden:
        blocks.append(
            Note(
                f"{counted(seen.hidden, 'place')} that officers found not to be real hotspots "
                f"{'is' if seen.hidden == 1 else 'are'} left out."
            )
        )
    return blocks


def _table(facts: Facts) -> Table:
    return Table(
        CAPTION,
        (
            "No.",
            "Place",
            "Class",
            f"Incidents in {facts.board.months} months",
            "Evidence",
            "What was done",
        ),
        tuple(_cells(facts, number, row) for number, row in enumerate(facts.board.rows, 1)),
        (0.05, 0.17, 0.12, 0.1, 0.34, 0.22),
        (3,),
    )


def _cells(facts: Facts, number: int, row: BoardRow) -> tuple[str, ...]:
    count = small(row.incidents) if facts.is_public else str(row.incidents)
    return (
        str(number),
        row.name if facts.is_public else f"{row.name} ({row.code})",
        (row.hotspot_class or "Not classed").capitalize(),
        count,
        _public_evidence(row) if facts.is_public else _evidence(row),
        done_there(facts, row),
    )


def _public_evidence(row: BoardRow) -> str:
    """How sure, without the hours and nights from which somebody could plan."""
    by_chance = "fewer than 1" if row.expected < 1 else f"about {row.expected:.0f}"
    return f"By its surroundings one would expect {by_chance}."


def _evidence(row: BoardRow) -> str:
    parts = [
        f"{row.reason.rstrip('.')}.",
        row.evidence.class_sentence or "",
        row.evidence.rate_sentence or "",
        _when(row.evidence.hours_in_short),
        f"Is it real? {row.suspicion}" if row.suspicion else "",
    ]
    return " ".join(part for part in parts if part)


def _when(hours: str | None) -> str:
    """
    >>> _when("Fri and Sat 22:00-02:00"), _when("Hours not known")
    ('Mostly Fri and Sat 22:00-02:00.', 'Hours not known.')
    """
    if not hours:
        return ""
    return f"{hours}." if hours.startswith("Hours") else f"Mostly {hours}."


def done_there(facts: Facts, row: BoardRow) -> str:
    """Interventions and orders near a hotspot on any day of the period."""
    near = row.geometry.buffer(NEAR_M)
    names = dict.fromkeys(
        record.name for record in facts.interventions if record.geometry.intersects(near)
    )
    return "; ".join(names) or NOTHING


def _classes(rows: list[BoardRow]) -> Table:
    present = {row.hotspot_class for row in rows}
    meanings = tuple(
        (name.capitalize(), str(sum(row.hotspot_class == name for row in rows)), words)
        for name, words in CLASS_DEFINITIONS.items()
        if name in present
    )
    return Table(CLASSES, ("Class", "Hotspots", "Meaning"), meanings, (0.18, 0.12, 0.7), (1,))
