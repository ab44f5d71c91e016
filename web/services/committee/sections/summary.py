"""The first page: the questions that a councillor asks, each with its answer."""

from collections import Counter
from datetime import timedelta

from hotspots.core.words import counted, listed
from hotspots.detection.classes import INSUFFICIENT
from hotspots.stats.count_change import Verdict
from web.services.committee.document import Block, Bullets, Heading, Note, Paragraph
from web.services.committee.report_facts import Facts
from web.services.committee.sections.at_a_glance import at_a_glance
from web.services.committee.sections.hotspot_list import NOTHING, done_there
from web.services.committee.sections.than_whom import than_whom
from web.services.common.wording import date_in_words
from web.services.partnership import comparison_words as words
from web.services.partnership.comparison_table import Row
from web.services.partnership.judging import Comparison

URGENT = ("new", "intensifying", "persistent")
ENDS_SOON = timedelta(days=365)
ANSWERS = {
    None: "That cannot be said, for the reason given.",
    Verdict.IMPROVEMENT: "Better: fewer dumps were reported than in the year before.",
    Verdict.DETERIORATION: "Worse: more dumps were reported than in the year before.",
    Verdict.NO_CHANGE: "Neither: the number of dumps did not change by more than chance.",
}
SAID = {
    Verdict.IMPROVEMENT: "better",
    Verdict.DETERIORATION: "worse",
    Verdict.HIGHER: "higher",
    Verdict.LOWER: "lower",
    Verdict.NO_CHANGE: "no change beyond chance",
}


def summary(facts: Facts) -> list[Block]:
    """Better or worse, than whom, by chance, at what cost; and what the committee is asked."""
    return [
        Heading("Summary"),
        Paragraph(_better_or_worse(facts), "Better or worse?"),
        Paragraph(than_whom(facts.comparison), "Than whom?"),
        Paragraph(_chance(facts), "Is that chance?"),
        Paragraph(_cost(facts), "What did it cost?"),
        Paragraph("The committee is asked to:", "What do you ask of us?"),
        Bullets(tuple(_recommendations(facts))),
        at_a_glance(facts),
        *_versions(facts),
    ]


_IN_A_LIST = {INSUFFICIENT: "with too little data"}


def _better_or_worse(facts: Facts) -> str:
    window = facts.comparison.window
    changes = [_change(facts.own(key)) for key in ("own-incidents", "own-cleared-in-target")]
    classes = Counter(row.hotspot_class or "not classed" for row in facts.board.rows)
    kinds = [f"{number} {_IN_A_LIST.get(name, name)}" for name, number in classes.most_common()]
    spots = f" ({listed(kinds)})" if kinds else ""
    return (
        f"{_answer(facts.own('own-incidents'))} In {window}, against the twelve months before: "
        f"{'; '.join(changes)}. "
        f"{counted(len(facts.board.rows), 'hotspot')} stood as of "
        f"{date_in_words(facts.run.day)}, the last detection run of the period{spots}."
    )


def _answer(row: Row) -> str:
    comparison = row.cells[0]
    return ANSWERS[comparison.verdict if comparison else None]


def _change(row: Row) -> str:
    comparison = row.cells[0]
    name = row.terms.name.lower()
    if comparison is None or comparison.verdict is None:
        return f"{name}: {_why_not(row, comparison)}"
    return (
        f"{name} {words.figure_words(row.terms, comparison.after)}, before "
        f"{words.figure_words(row.terms, comparison.before)}: {SAID[comparison.verdict]}"
    )


def _why_not(row: Row, comparison: Comparison | None) -> str:
    if comparison is None:
        return "no figures"
    asides = "; ".join(filter(None, map(words.aside, (comparison.after, comparison.before))))
    reasons = list(dict.fromkeys(asides.split("; "))) if asides else [comparison.unjudged]
    return f"{words.figure_words(row.terms, comparison.after)} ({'; '.join(reasons)})"


def _chance(facts: Facts) -> str:
    row = facts.own("own-incidents")
    comparison = row.cells[0]
    start = "Each is tested at 5%: where nothing happened, one in twenty still looks like a change."
    if comparison is None or comparison.verdict is None:
        return f"Of incidents that cannot be said: {_why_not(row, comparison)}. {start}"
    p_value = words.probability_words(comparison)
    can = "could" if comparison.verdict is Verdict.NO_CHANGE else "hardly could"
    pattern = f" The months show: {comparison.pattern}." if comparison.pattern else ""
    often = f"{_often(comparison.p_value)} ({p_value})"
    return f"Chance {can} explain the difference in incidents: {often}.{pattern} {start}"


def _often(p_value: float | None) -> str:
    """How often chance alone would do it, for whoever knows no p-value.

    >>> _often(0.774), _often(0.0004)
    ('if nothing had changed, one as large would come 77 times in 100', \
'if nothing had changed, one as large would come less than once in 100 times')
    """
    times = round(100 * (p_value or 0.0))
    words = f"{counted(times, 'time')} in 100" if times else "less than once in 100 times"
    return f"if nothing had changed, one as large would come {words}"


def _cost(facts: Facts) -> str:
    row = facts.own("own-cost")
    comparison = row.cells[0]
    if comparison is None or comparison.after.value is None:
        why = comparison.after.reason if comparison else "no cost was entered"
        return f"Not known: {why}. The clearing itself is paid by contract and not counted here."
    return (
        f"{words.figure_words(row.terms, comparison.after)} for interventions that began in "
        f"{facts.comparison.window}, as far as their cost was entered. The clearing itself is paid "
        "by contract and not counted here."
    )


def _recommendations(facts: Facts) -> list[str]:
    recommendations = ["note the figures of this report, and what is not known;"]
    bare = [
        row
        for row in facts.board.rows
        if row.hotspot_class in URGENT and done_there(facts, row) == NOTHING
    ]
    if bare:
        recommendations.append(
            f"say what is to be done at {counted(len(bare), 'hotspot')} that "
            f"{'is' if len(bare) == 1 else 'are'} new, intensifying or persistent and where "
            f"nothing is recorded in the period: {listed([row.name for row in bare])};"
        )
    horizon = facts.period.last + ENDS_SOON
    for record in facts.interventions:
        ends = record.valid_to
        if record.kind == "order" and ends and facts.period.last <= ends <= horizon:
            recommendations.append(
                f"consider in good time whether {record.name}, which ends on "
                f"{date_in_words(ends)}, is to be extended;"
            )
    recommendations.append("agree when it wants the next report.")
    return recommendations


def _versions(facts: Facts) -> list[Block]:
    if not facts.is_public:
        return [
            Note(
                "This version holds information that is exempt under Part 1 of Schedule 12A to "
                "the Local Government Act 1972. Who read it is in the audit log."
            )
        ]
    return [
        Note(
            "This is the public version. What is exempt, or too small to be shown without "
            "telling of one person, is left out; each section says what, and under which "
            "paragraph of Part 1 of Schedule 12A to the Local Government Act 1972."
        )
    ]
