"""Patrols, posters, education and other interventions; and what each changed, with its doubts."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.posters import interventions
from geodata.posters.interventions import InterventionRecord
from geodata.rules.days import corresponding_day
from hotspots.effects.judgement import AROUND
from web.services.committee.document import Block, Heading, Note, Paragraph, Table
from web.services.committee.report_facts import Facts, may_be_named
from web.services.committee.sections.small_counts import TOO_FEW
from web.services.common.wording import date_in_words
from web.services.effects.effect_design import (
    LONGEST_MONTHS,
    POINT_RADIUS_M,
    EffectQuestion,
)
from web.services.effects.judging import EffectReport, report_effect
from web.services.effects.public_effect import (
    PUBLIC_MONTHS,
    is_small,
    tells_of_others,
    tells_of_parts,
)
from web.services.partnership import comparison_words as words
from web.services.partnership.series import Figure, Terms
from web.services.publishing.disclosure import SMALLEST_SHOWN

WORK = (
    "own-patrol-visits",
    "own-patrol-hours",
    "own-posters-up",
    "own-education",
    "own-cost",
)
COUNTS = "Work done in twelve months, and in the twelve before"
NAMED = "Interventions and orders of the period"
EFFECTS = "Incidents before and after what began up to a year before the period, the latest first"
MONTHS_BEFORE = 12
"""What began so long before the period is judged in it: its months after are just over."""
MOST_JUDGED = 6
RINGS = ("ring", "comparison_ring")
ON_THE_PAGE = " If it was, leave that year out below."
"""What a warning advises for the effect's page has no place on paper."""
PUBLIC_WARNINGS = {
    "Not alone": "Not alone: something else was done near there in these months.",
    "Changed reporting": "Changed reporting: more may be told of than was, for another part of "
    "the reports came by a poster.",
}
"""Warnings by their beginning, as the public may read them."""
TOLD_IN_STEPS = (
    "In public an effect is told of the first six months, then of the first twelve. Where one of "
    "the counts is under 5, or what it grew by between the two, or what is released of the ward or "
    "the borough less it, or what is told of the same ground less it, it is withheld as exempt "
    "under paragraph 2 of Part 1 of Schedule 12A to the Local Government Act 1972 (information "
    "likely to reveal the identity of an individual): of one place it may be the reports of one "
    "person."
)
FEW = "The numbers are small, there or around it."
PARAGRAPH_7 = (
    "withheld as exempt under paragraph 7 of Part 1 of Schedule 12A to the Local Government Act "
    "1972 (the prevention, investigation or prosecution of crime)"
)


def work_done(session: Session, facts: Facts) -> list[Block]:
    """What was done, counted and by name, and effects of what began lately."""
    return [
        Heading("Patrols, posters and education"),
        _counts(facts),
        _named(facts),
        *_withheld(facts.withheld),
        Heading("What it changed", 2),
        Paragraph(
            "Incidents of the months since it began are held against those of the same months a "
            f"year earlier, there (within {POINT_RADIUS_M:.0f} m of a point) and at places like it "
            "where nothing was done. They are counted by the night, from noon to noon, and are "
            "those that the contractor cleared where four in five outcomes or more are known, else "
            "all. A place is often chosen in its worst year, and would fall without us: the doubts "
            "stand beside each figure."
        ),
        _effects(session, facts),
        *([Note(TOLD_IN_STEPS)] if facts.is_public else []),
    ]


def _counts(facts: Facts) -> Table:
    rows = []
    for key in WORK:
        row = facts.own(key)
        comparison = row.cells[0]
        if comparison is not None:
            rows.append(
                (
                    row.terms.name,
                    *(_figure(row.terms, f) for f in (comparison.after, comparison.before)),
                )
            )
    window = facts.comparison.window
    return Table(
        COUNTS,
        ("Work", str(window), str(window.earlier)),
        tuple(rows),
        (0.3, 0.35, 0.35),
    )


def _figure(terms: Terms, figure: Figure) -> str:
    figure_text = words.figure_words(terms, figure)
    aside = words.aside(figure)
    return f"{figure_text[0].upper()}{figure_text[1:]}" + (f" ({aside})" if aside else "")


def _named(facts: Facts) -> Table:
    rows = tuple(
        (each.name, KINDS.get(each.kind, each.kind), _days(each)) for each in facts.interventions
    )
    return Table(
        NAMED,
        ("Name", "Kind", "From and to"),
        rows or (("None is recorded", "", ""),),
        (0.5, 0.2, 0.3),
    )


def _days(record: InterventionRecord) -> str:
    first = date_in_words(record.valid_from)
    if record.valid_to is None:
        return f"From {first}"
    return (
        first
        if record.valid_to == record.valid_from
        else f"{first} to {date_in_words(record.valid_to)}"
    )


def _withheld(number: int) -> list[Block]:
    if not number:
        return []
    be = "1 intervention is" if number == 1 else f"{number} interventions are"
    return [Note(f"{be} {PARAGRAPH_7}: where cameras and patrols are.")]


def _effects(session: Session, facts: Facts) -> Block:
    records = _to_judge(session, facts)
    rows = [_judged(session, facts, record) for record in records[:MOST_JUDGED]]
    if not rows:
        return Paragraph("Nothing that may be named here began long enough ago to be judged.")
    return Table(
        EFFECTS,
        (
            "What and since when",
            "Before",
            "After",
            "What can be said",
            "Doubts",
        ),
        tuple(rows),
        (0.17, 0.09, 0.09, 0.3, 0.35),
        (1, 2),
    )


def _to_judge(session: Session, facts: Facts) -> list[InterventionRecord]:
    since = corresponding_day(facts.period.first, -MONTHS_BEFORE)
    until = facts.period.last - timedelta(days=31)
    if facts.is_public:
        until = corresponding_day(_day_after(facts), -min(PUBLIC_MONTHS))
    begun = [
        record
        for record in interventions.records(session)
        if since <= record.valid_from <= until and may_be_named(record, facts.audience)
    ]
    return sorted(begun, key=lambda each: (-each.valid_from.toordinal(), each.source, each.id))


def _judged(session: Session, facts: Facts, record: InterventionRecord) -> tuple[str, ...]:
    name = f"{record.name}, since {date_in_words(record.valid_from)}"
    try:
        reports = [_report(session, facts, record, months) for months in _months(facts, record)]
    except RefusedError as error:
        reason = str(error)
        return (name, "–", "–", "It cannot be judged", f"{reason[0].upper()}{reason[1:]}.")
    report, target = reports[0], reports[0].counts["target"]
    if _is_withheld(session, facts, reports):
        return (name, TOO_FEW, TOO_FEW, "Too few to say in public", FEW)
    return (
        name,
        str(target.before),
        str(target.after),
        _sentence(facts, reports),
        _doubts(facts, report),
    )


def _report(
    session: Session, facts: Facts, record: InterventionRecord, months: int
) -> EffectReport:
    question = EffectQuestion(months=months)
    return report_effect(session, record.source, record.id, question, today=_day_after(facts))


def _months(facts: Facts, record: InterventionRecord) -> list[int]:
    """Of how many months an effect is told; in public the shorter ones follow that were told
    before."""
    if not facts.is_public:
        return [LONGEST_MONTHS]
    over = _day_after(facts)
    return [n for n in PUBLIC_MONTHS if corresponding_day(record.valid_from, n) <= over]


def _is_withheld(session: Session, facts: Facts, reports: Sequence[EffectReport]) -> bool:
    """Whether the public is told no count of the sites."""
    return facts.is_public and (
        _is_small(reports, "target")
        or tells_of_others(session, reports[0])
        or tells_of_parts(session, reports[0])
    )


def _is_small(reports: Sequence[EffectReport], of: str) -> bool:
    return is_small([report.counts[of] for report in reports])


def _sentence(facts: Facts, reports: Sequence[EffectReport]) -> str:
    """The effect's own; to the public without its parts that hold a count too small to be shown:
    of the ring around the sites, or of those who told all along."""
    sentence = reports[0].effect.sentence
    if not facts.is_public:
        return sentence
    of_sites, *_ = sentence.partition(AROUND)
    if _holds_small_count(of_sites):
        verdict = reports[0].effect.verdict.capitalize()
        return f"{verdict}. The numbers behind it are too few to show."
    return of_sites if any(_is_small(reports, of) for of in RINGS) else sentence


def _holds_small_count(sentence: str) -> bool:
    pairs = re.findall(r"from (\d+) to (\d+)", sentence)
    return any(int(count) < SMALLEST_SHOWN for pair in pairs for count in pair)


def _day_after(facts: Facts) -> date:
    return facts.period.last + timedelta(days=1)


def _doubts(facts: Facts, report: EffectReport) -> str:
    """The effect page's warnings; to the public without what else was done nearby, for it may be a
    camera, and without how few reported by which way."""
    warnings = [each.removesuffix(ON_THE_PAGE) for each in report.warnings]
    if facts.is_public:
        warnings = [_public_warning(each) for each in warnings]
    return " ".join(warnings) or "None that the record shows."


def _public_warning(warning: str) -> str:
    begins = (words for start, words in PUBLIC_WARNINGS.items() if warning.startswith(start))
    return next(begins, warning)


KINDS = {
    "poster": "Poster",
    "patrol": "Patrol",
    "cctv": "Camera",
    "operation": "Operation",
    "school_visit": "School visit",
    "event": "Event",
    "lighting": "Lighting",
    "bin": "Bin",
    "barrier": "Barrier",
    "other": "Other",
    "order": "Order (PSPO)",
}
