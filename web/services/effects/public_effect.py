"""Which counts of an effect anybody may know: in the report to the committee and as good news.

Each is one that two papers may tell, and what lies between the two is looked at; so both ask here.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from sqlalchemy.orm import Session

from hotspots.effects.displacement import BeforeAfter
from web.services.effects.judging import EffectReport
from web.services.publishing.disclosure import SMALLEST_SHOWN, range_of
from web.services.publishing.place_counts import leaves_others

PUBLIC_MONTHS = (12, 6)
"""In public effects are told of so many months and no others."""


def is_small(counts: Sequence[BeforeAfter]) -> bool:
    """Whether a count of a ground is, or by how much it grew since it was told last.

    ``counts`` are those of the longest span first, each as it is or was told.
    """
    pairs = [(count.before, count.after) for count in counts]
    pairs += [
        (long.before - short.before, long.after - short.after) for long, short in pairwise(counts)
    ]
    return any(number < SMALLEST_SHOWN for pair in pairs for number in pair)


def tells_of_others(session: Session, report: EffectReport) -> bool:
    """Whether its counts, taken from what is released around the sites, leave fewer than five."""
    spans: list[tuple[date, date]] = [report.spans.before.days, report.spans.after.days]
    return not all(leaves_others(session, report.ground.target, *days) for days in spans)


def tells_growth(report: EffectReport) -> bool:
    """Whether a rough count, less what a report told exactly of the shorter span, leaves so little
    room that how few came since is known."""
    lengths = [n for n in PUBLIC_MONTHS if n <= report.spans.months]
    earlier = [_first(report, n) for n in lengths[1:] if not is_small([_first(report, n)])]
    now = _first(report, report.spans.months)
    pairs = [(now.before, each.before) for each in earlier] + [
        (now.after, each.after) for each in earlier
    ]
    return not all(_leaves_room(long, short) for long, short in pairs)


def _leaves_room(long: int, short: int) -> bool:
    """Whether what grew from one count to the other is no small one, or may be any of five."""
    return long - short >= SMALLEST_SHOWN or range_of(long)[-1] - short >= SMALLEST_SHOWN - 1


def _first(report: EffectReport, months: int) -> BeforeAfter:
    """At the sites, in the first months of either span."""
    before, after = (
        [row.target for row in report.months if row.is_after is is_after][:months]
        for is_after in (False, True)
    )
    return BeforeAfter(sum(before), sum(after))
