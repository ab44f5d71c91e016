"""Notices and cautions by ward and year, and the orders with their dates: no target, no ranking."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import places
from geodata.core.vocabulary import ActionKind, NoticeState, PlaceKind
from geodata.enforcement import orders
from geodata.enforcement.actions import ActionWithState
from geodata.rules.days import local_day
from geodata.rules.enforcement.notice_life import MONEY_KINDS
from geodata.rules.enforcement.routes import UNDONE
from web.services.committee.document import Block, Heading, Note, Paragraph, Table
from web.services.committee.report_facts import Facts
from web.services.committee.sections.small_counts import TOO_FEW
from web.services.common.wording import date_in_words
from web.services.publishing.disclosure import suppressed

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
SMALL = (
    "A count under 5 is not shown, and with it as many others as it takes that nobody can work it "
    "out from the sum: it could tell of one person, and is withheld as exempt under paragraph 2 of "
    "Part 1 of Schedule 12A to the Local Government Act 1972 (information likely to reveal the "
    "identity of an individual)."
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
NO_LADDER = (
    "Other steps of the ladder (advice, warnings, referrals, prosecutions) are counted in the "
    "exempt version alone: with the twelve months of the council's own figures their parts could "
    "be worked out. They are withheld as exempt under paragraph 2 of Part 1 of Schedule 12A to the "
    "Local Government Act 1972 (information likely to reveal the identity of an individual)."
)
ORDERS = "Orders in force on any day of the period"
NO_ORDER = "None is entered that was in force"
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
    standing = [a for a in facts.actions if a[1] not in UNDONE | {NoticeState.DRAFT}]
    blocks: list[Block] = []
    for caption, kinds in KINDS.items():
        chosen = [each for each in standing if each[0].kind in kinds]
        blocks.append(_by_ward(session, facts, caption, chosen))
    if facts.is_public:
        return [*blocks, Note(SMALL), Note(NO_LADDER)]
    return [*blocks, _ladder(facts, standing)]


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
    """The wards whose counts may be told, then all others together."""
    years = _years(facts)
    counts = Counter(_ward_and_year(session, action) for action, _ in rows)
    wards = session.scalars(places.current(facts.period.last, PlaceKind.WARD)).all()
    names = sorted({ward.name for ward in wards} | {name for name, _ in counts})
    columns = [_shown(facts, [counts[name, year] for name in names]) for year in years]
    rows_by_ward = [(name, *(column[i] for column in columns)) for i, name in enumerate(names)]
    nothing = TOO_FEW if facts.is_public else "0"
    named = [row for row in rows_by_ward if any(cell != nothing for cell in row[1:])]
    others = (OTHER_WARDS if named else EVERY_WARD, *(nothing for _ in years))
    return Table(
        caption,
        ("Ward", *(_part_of_year(facts, year) for year in years)),
        (*named, others, *_total(facts, counts, years)),
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


def _total(facts: Facts, counts: Counter[tuple[str, int]], years: list[int]) -> list[_Row]:
    """Of the borough; not for the public, where it would help to reckon what is hidden."""
    if facts.is_public:
        return []
    sums = (sum(n for (_, of), n in counts.items() if of == year) for year in years)
    return [(BOROUGH, *(f"{n:,}" for n in sums))]


def _ward_and_year(session: Session, action: EnforcementAction) -> tuple[str, int]:
    day = local_day(action.offence_at)
    ward = places.ward_at(session, action.geometry, day)
    return (ward.name if ward else ELSEWHERE, day.year)


def _shown(facts: Facts, counts: list[int]) -> list[str]:
    shown = suppressed(counts) if facts.is_public else counts
    return [TOO_FEW if count is None else f"{count:,}" for count in shown]


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
