"""Which counts of an effect anybody may know: in the report to the committee and as good news.

Each is one that two papers may tell, and what lies between the two is looked at; so both ask here.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import shapely
from sqlalchemy.orm import Session

from geodata.core.vocabulary import InterventionKind
from geodata.posters import interventions
from geodata.posters.interventions import InterventionRecord
from geodata.rules.days import corresponding_day
from hotspots.effects.displacement import BeforeAfter
from web.services.effects.effect_design import EffectQuestion, spans_of, treated_parts
from web.services.effects.judging import EffectReport
from web.services.publishing.disclosure import SMALLEST_SHOWN, range_of
from web.services.publishing.joint_counts import PlaceCount, may_join
from web.services.publishing.place_counts import leaves_others

SECRET = {InterventionKind.CCTV.value: "cameras", InterventionKind.PATROL.value: "patrols"}
"""Where these are is not for the public."""
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


def tells_of_parts(session: Session, report: EffectReport) -> bool:
    """Whether its counts, and those that are told of what began before it on the same ground, would
    tell of fewer than five: a bin at one of a campaign's sites gives the others away.

    What began first is told of, so that all papers and pieces of news leave out the same.
    """
    own = _counts_of(report.intervention)
    ground = own[0].ground
    earlier = [
        record
        for record in interventions.records(session, ground)
        if record.kind not in SECRET and _order(record) < _order(report.intervention)
    ]
    return bool(earlier) and not may_join(session, own, [_counts_of(each) for each in earlier])


def _order(record: InterventionRecord) -> tuple[date, str, int]:
    return record.valid_from, record.source, record.id


def _counts_of(record: InterventionRecord) -> list[PlaceCount]:
    """Those that papers tell of it sooner or later: before and after, the shorter span first."""
    over = corresponding_day(record.valid_from, max(PUBLIC_MONTHS) + 1)
    ground = shapely.union_all(treated_parts(record.geometry))
    spans = [spans_of(record, EffectQuestion(months=n), today=over) for n in sorted(PUBLIC_MONTHS)]
    days = [span.days for each in spans for span in (each.before, each.after)]
    return [PlaceCount(ground, first, last) for first, last in days]


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
