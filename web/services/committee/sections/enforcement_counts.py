"""Notices and cautions, and the orders with their dates: no target, no ranking.

By ward and part of a year for those who may read what is exempt. The public has each year once, as
it was released: two counts of days that overlap would tell of one person.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import places
from geodata.core.vocabulary import ACTION_WORDS, ActionKind, NoticeState, PlaceKind
from geodata.enforcement import orders
from geodata.enforcement.actions import ActionWithState
from geodata.rules.days import local_day
from geodata.rules.enforcement.notice_life import MONEY_KINDS
from geodata.rules.enforcement.routes import UNDONE
from web.services.committee.document import Block, Heading, Note, Paragraph, Table
from web.services.committee.report_facts import Facts
from web.services.committee.sections.small_counts import TOO_FEW
from web.services.common.wording import date_in_words
from web.services.publishing.enforcement_activity import ALL_KINDS, published_activity

if TYPE_CHECKING:
    from geodata.models import EnforcementAction

ELSEWHERE = "Outside every ward"
CHANGES = {
    "made": "Made",
    "extended": "Extended",
    "varied": "Varied",
    "discharged": "Discharged",
}
NEUTRAL = (
    "These count what was done. There is no target: more is neither better nor worse. Drafts do "
    "not count, nor does what was withdrawn, cancelled, void or allowed on appeal."
)
KINDS = {
    "Penalty notices by ward and year": MONEY_KINDS,
    "Simple cautions by ward and year": frozenset({ActionKind.CAUTION}),
}
LADDER = "Other steps of the ladder, by year"
STEPS = {
    ActionKind.ADVICE: "Words of advice",
    ActionKind.CPW: "Community protection warnings",
    ActionKind.CPN: "Community protection notices",
    ActionKind.REFERRAL: "Referrals to the police",
    ActionKind.PROSECUTION: "Prosecutions",
}
"""From the mildest up, without those that are told by ward."""
RELEASED = "Actions by kind and year, as they were released"
NOT_RELEASED = (
    "No year of enforcement is released yet: a year's figures are, in the February after it."
)
BY_WARD_WITHHELD = (
    "Notices and cautions by ward and part of a year, and the other steps of the ladder by part of "
    "a year, are withheld from the public version: less the twelve months of the council's own "
    "figures, or of the same table of another report, they would tell of one person. They are "
    "exempt under paragraph 2 of Part 1 of Schedule 12A to the Local Government Act 1972 "
    "(information likely to reveal the identity of an individual)."
)
ORDERS = "Orders in force on any day of the period"
NO_ORDER = "None is entered that was in force"
YEARS_SHOWN = 3
OTHER_KINDS, EVERY_KIND = "Each other kind", "Each kind"
OTHER_WARDS, EVERY_WARD, BOROUGH = "All other wards", "Every ward", "The borough"
BELOW = (OTHER_WARDS, EVERY_WARD, BOROUGH)
"""Rows below those of one ward each."""
_Row = tuple[str, ...]


def enforcement_counts(session: Session, facts: Facts) -> list[Block]:
    """Counts that say how much was done; more is neither better nor worse."""
    blocks: list[Block] = [Heading("Enforcement"), Paragraph(NEUTRAL)]
    if why := _missing(facts):
        blocks.append(Note(f"The period is not covered whole: {why}."))
    if _begun_by(facts):
        blocks += _counts(session, facts)
    return [*blocks, Heading("Public spaces protection orders", 2), _orders(session, facts)]


def _counts(session: Session, facts: Facts) -> list[Block]:
    if facts.is_public:
        return [_released(session, facts), Note(BY_WARD_WITHHELD)]
    standing = [a for a in facts.actions if a[1] not in UNDONE | {NoticeState.DRAFT}]
    tables = [
        _by_ward(session, facts, caption, [each for each in standing if each[0].kind in kinds])
        for caption, kinds in KINDS.items()
    ]
    return [*tables, _ladder(facts, standing)]


def _released(session: Session, facts: Facts) -> Block:
    """What anybody may know already, so that nothing new can be worked out from it."""
    years = [
        year
        for year in published_activity(session)
        if year.released_at <= facts.now and year.first_day <= facts.period.last
    ][:YEARS_SHOWN]
    if not years:
        return Paragraph(NOT_RELEASED)
    given = {year.name: {row.kind: row.given for row in year.rows} for year in years}
    rows = [
        (words, *(_count_cell(given[year.name].get(kind.value)) for year in years))
        for kind, words in ACTION_WORDS.items()
    ]
    named = [row for row in rows if any(cell != TOO_FEW for cell in row[1:])]
    others = [(OTHER_KINDS if named else EVERY_KIND, *(TOO_FEW for _ in years))]
    return Table(
        RELEASED,
        ("Action", *(year.name for year in years)),
        (*named, *others, (ALL_KINDS, *(_count_cell(year.total) for year in years))),
        (0.4, *(0.6 / len(years) for _ in years)),
        tuple(range(1, len(years) + 1)),
    )


def _count_cell(count: int | None) -> str:
    return TOO_FEW if count is None else f"{count:,}"


def _begun_by(facts: Facts) -> bool:
    """Whether any day of the period is in the record: no record is not zero."""
    begun = facts.begun["enforcement"]
    return begun is not None and begun <= facts.period.last


def _missing(facts: Facts) -> str:
    begun = facts.begun["enforcement"]
    if begun is None:
        return "there is no record of enforcement"
    if facts.period.first < begun:
        return f"the record of enforcement begins on {date_in_words(begun)}"
    return ""


def _by_ward(session: Session, facts: Facts, caption: str, rows: list[ActionWithState]) -> Table:
    """Wards with any, then all others together, and the borough; nobody else may know of a ward."""
    years = _years(facts)
    counts = Counter(_ward_and_year(session, action) for action, _ in rows)
    wards = session.scalars(places.current(facts.period.last, PlaceKind.WARD)).all()
    names = sorted({ward.name for ward in wards} | {name for name, _ in counts})
    rows_by_ward = [(name, *(f"{counts[name, year]:,}" for year in years)) for name in names]
    named = [row for row in rows_by_ward if any(cell != "0" for cell in row[1:])]
    others = (OTHER_WARDS if named else EVERY_WARD, *("0" for _ in years))
    return Table(
        caption,
        ("Ward", *(_part_of_year(facts, year) for year in years)),
        (*named, others, _total(counts, years)),
        (0.4, *(0.6 / len(years) for _ in years)),
        tuple(range(1, len(years) + 1)),
    )


def _years(facts: Facts) -> list[int]:
    return list(range(facts.period.first.year, facts.period.last.year + 1))


def _ladder(facts: Facts, rows: list[ActionWithState]) -> Table:
    """Steps that are no money and no caution, of the whole borough."""
    years = _years(facts)
    counts = Counter((action.kind, local_day(action.offence_at).year) for action, _ in rows)
    return Table(
        LADDER,
        ("Step", *(_part_of_year(facts, year) for year in years)),
        tuple(
            (words, *(f"{counts[kind, year]:,}" for year in years)) for kind, words in STEPS.items()
        ),
        (0.4, *(0.6 / len(years) for _ in years)),
        tuple(range(1, len(years) + 1)),
    )


def _total(counts: Counter[tuple[str, int]], years: list[int]) -> _Row:
    sums = (sum(n for (_, of), n in counts.items() if of == year) for year in years)
    return (BOROUGH, *(f"{n:,}" for n in sums))


def _ward_and_year(session: Session, action: EnforcementAction) -> tuple[str, int]:
    day = local_day(action.offence_at)
    ward = places.ward_at(session, action.geometry, day)
    return (ward.name if ward else ELSEWHERE, day.year)


def _part_of_year(facts: Facts, year: int) -> str:
    first = max(facts.period.first, date(year, 1, 1))
    last = min(facts.period.last, date(year, 12, 31))
    return f"{first.day} {first:%b} to {last.day} {last:%b %Y}"


def _orders(session: Session, facts: Facts) -> Block:
    rows = [
        (
            order.name,
            CHANGES.get(version.change, version.change),
            date_in_words(version.valid_from),
            date_in_words(version.valid_to) if version.valid_to else "No end is entered",
        )
        for order in orders.every(session)
        for version in order.versions
        if version.valid_from <= facts.period.last
        and (version.valid_to is None or version.valid_to >= facts.period.first)
    ]
    return Table(
        ORDERS,
        ("Order", "Version", "From", "To"),
        tuple(rows) or ((NO_ORDER, "", "", ""),),
        (0.46, 0.14, 0.2, 0.2),
    )
