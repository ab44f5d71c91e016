"""What we do not know, and where every figure comes from."""

from geodata.rules.days import local_day
from hotspots.core.words import counted
from web.services.committee.document import Block, Bullets, Heading, Table, fingerprint
from web.services.committee.report_facts import Facts
from web.services.common.wording import date_in_words, time_in_words


def unknowns(facts: Facts) -> list[Block]:
    """Gaps, suspicions and what is too few."""
    return [Heading("What we do not know"), Bullets(tuple(_doubts(facts)))]


STALE_DAYS = 14
"""A run that looks from so long before the end has missed part of the period."""


def _doubts(facts: Facts) -> list[str]:
    record = facts.record
    doubts = []
    if record.first is not None:
        doubts.append(
            f"The record of dumps begins on {date_in_words(record.first)}. Before that nothing is "
            "known, which is not the same as nothing dumped."
        )
    doubts += [
        f"{gap.sentence[0].upper()}{gap.sentence[1:]}."
        for gap in record.gaps
        if gap.overlaps(facts.period.first, facts.period.last)
    ]
    for work, day in facts.begun.items():
        if day is None:
            doubts.append(f"There is no record of {WORK[work]}.")
        elif day > facts.period.first:
            doubts.append(f"The record of {WORK[work]} begins on {date_in_words(day)}.")
    run_day = facts.run.day
    if (facts.period.last - run_day).days > STALE_DAYS:
        doubts.append(
            f"The hotspots are those of {date_in_words(run_day)}: no later detection run of the "
            "period is here, and what began since is not among them."
        )
    doubted = sum(row.suspicion is not None for row in facts.board.rows)
    if doubted:
        doubts.append(
            f"{counted(doubted, 'hotspot')} may come from how people report, and not from dumping."
        )
    doubts.append(
        "Only what somebody reported or a crew found is counted: where nobody looks, nothing is "
        "seen."
    )
    return doubts


WORK = {
    "enforcement": "enforcement",
    "patrols": "patrols",
    "posters": "posters",
    "interventions": "interventions",
    "detection": "detection runs",
}


METHODS = (
    (
        "Hotspots: places flagged by an exact test of counts against what their surroundings lead "
        "one to expect, with the share of false alarms held at 5%."
    ),
    (
        "Clearance: of what fell due, the part cleared by the time that was promised. What is open "
        "and overdue is missed."
    ),
    "Effects: counts before and after, against places like it where nothing was done.",
    "Comparisons: an exact test of two counts, or of two shares, at 5%.",
)


def sources(facts: Facts, before: list[Block]) -> list[Block]:
    """Method in short, and the provenance of the figures; ``before`` is what they stand in."""
    run = facts.run
    return [
        Heading("Sources and method"),
        Bullets(METHODS),
        Table(
            "Where the figures come from",
            ("What", "Value"),
            (
                ("Period", str(facts.period)),
                ("Compared", f"{facts.comparison.window}, {facts.comparison.window.earlier}"),
                ("Known by", f"{time_in_words(facts.now)}, {date_in_words(local_day(facts.now))}"),
                ("Detection run", f"{run.id}, as of {date_in_words(run.day)}"),
                ("Fingerprint of the run's data", run.fingerprint),
                ("Program that made the run", f"canister-hotspots {run.code_version}"),
                ("Program that made this report", f"canister-hotspots {facts.code_version}"),
                ("Fingerprint of this report", fingerprint(before)),
            ),
            (0.34, 0.66),
        ),
    ]


def meanings(facts: Facts) -> Table:
    """What exactly each figure counts, and who says so."""
    rows = facts.comparison.partners + facts.comparison.own
    return Table(
        "What is counted",
        ("Figure", "Definition", "Source"),
        tuple(
            (
                row.terms.name,
                row.terms.definition or "The publisher gives no definition.",
                row.terms.source,
            )
            for row in rows
        ),
        (0.22, 0.53, 0.25),
    )
