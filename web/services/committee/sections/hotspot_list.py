"""The hotspots: what class each is of, on what evidence, and what was done there."""

import shapely
from sqlalchemy.orm import Session

from geodata import places
from geodata.rules.days import corresponding_day, local_day
from hotspots.core.words import counted
from hotspots.detection.classes import CLASS_DEFINITIONS
from web.services.committee.document import Block, Heading, Note, Paragraph, Table
from web.services.committee.report_facts import Facts
from web.services.committee.sections.small_counts import small
from web.services.common.wording import date_in_words
from web.services.hotspots.hotspot_board import NEAR_M, BoardRow
from web.services.publishing.disclosure import SMALLEST_SHOWN
from web.services.publishing.place_counts import leaves_others

NOTHING = "Nothing is recorded"
CAPTION = f"Hotspots, the strongest evidence first, and what was done within {NEAR_M} m"
CLASSES = "What the classes mean"


def hotspot_list(session: Session, facts: Facts) -> list[Block]:
    """A table of all hotspots, numbered as on the map, and what the classes mean."""
    seen = facts.board
    day = date_in_words(seen.as_of.date())
    blocks: list[Block] = [
        Heading("Hotspots"),
        Paragraph(
            f"A hotspot is a place where incidents recur more than chance explains. The run "
            f"of {day} searched {_searched(facts)}. It flagged "
            f"{counted(len(seen.rows), 'hotspot')}. The numbers are those of the map in "
            f"Appendix A."
        ),
    ]
    if seen.note:
        blocks.append(Note(seen.note))
    if seen.rows:
        withheld = withheld_counts(session, facts) if facts.is_public else frozenset()
        blocks += [_table(facts, withheld), *_why(withheld), _classes(seen.rows)]
    if seen.hidden:
        blocks.append(
            Note(
                f"{counted(seen.hidden, 'place')} that officers found not to be real hotspots "
                f"{'is' if seen.hidden == 1 else 'are'} left out."
            )
        )
    return blocks


def _searched(facts: Facts) -> str:
    """To the public no number of incidents: of any days, less the months released, it would tell of
    single days."""
    months = counted(facts.board.months, "month")
    return (
        months if facts.is_public else f"{months} and {counted(facts.board.incidents, 'incident')}"
    )


def withheld_counts(session: Session, facts: Facts) -> frozenset[int]:
    """Identities of hotspots whose counts, all together taken from what is released around them,
    would leave fewer than five elsewhere; the smallest are withheld first."""
    shown = [row for row in facts.board.rows if row.incidents >= SMALLEST_SHOWN]
    wards = {row.identity_id: _ward(session, facts, row) for row in shown}
    kept: list[BoardRow] = []
    for ward in set(wards.values()):
        kept += _left(session, facts, [row for row in shown if wards[row.identity_id] == ward])
    kept = _left(session, facts, kept)
    return frozenset(wards) - {row.identity_id for row in kept}


def _ward(session: Session, facts: Facts, row: BoardRow) -> str:
    ward = places.ward_at(session, row.geometry.representative_point(), facts.period.last)
    return ward.name if ward else ""


def _left(session: Session, facts: Facts, rows: list[BoardRow]) -> list[BoardRow]:
    """Without the smallest, until what is released around the others hides who is elsewhere."""
    last = local_day(facts.board.as_of)
    first = corresponding_day(last, -facts.board.months)
    by_size = sorted(rows, key=lambda row: (row.incidents, row.identity_id))
    while by_size:
        ground = shapely.union_all([row.geometry for row in by_size])
        if leaves_others(session, ground, first, last):
            break
        del by_size[0]
    return by_size


def _why(withheld: frozenset[int]) -> list[Block]:
    if not withheld:
        return []
    be = "1 count is" if len(withheld) == 1 else f"{len(withheld)} counts are"
    return [
        Note(
            f"{be} withheld: less the hotspots, what is released of the ward or the borough would "
            "tell of fewer than 5 elsewhere. That is exempt under paragraph 2 of Part 1 of "
            "Schedule 12A to the Local Government Act 1972 (information likely to reveal the "
            "identity of an individual)."
        )
    ]


def _table(facts: Facts, withheld: frozenset[int]) -> Table:
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
        tuple(
            _cells(facts, number, row, is_withheld=row.identity_id in withheld)
            for number, row in enumerate(facts.board.rows, 1)
        ),
        (0.05, 0.17, 0.12, 0.1, 0.34, 0.22),
        (3,),
    )


def _cells(facts: Facts, number: int, row: BoardRow, *, is_withheld: bool) -> tuple[str, ...]:
    count = small(row.incidents) if facts.is_public else str(row.incidents)
    if is_withheld:
        count = "Withheld"
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
