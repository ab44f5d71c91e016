"""How long after the time that it tells an outcome reached us, counted for everybody to see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.clearances import time_gaps
from geodata.clearances.time_gaps import TimeGap
from geodata.rules.clearances.device_times import CLOCK_SKEW

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class GapBand:
    """Outcomes whose gap lies in a band, and by which time they count.

    ``by_hand`` of ``as_told`` count so because an officer accepted them.
    """

    words: str
    outcomes: int
    as_told: int
    by_hand: int
    at_receipt: int


def gap_bands(session: Session, *, start: datetime, end: datetime) -> list[GapBand]:
    """Every outcome that reached us from a moment to before another, by its gap."""
    gaps = time_gaps.time_gaps(session, start=start, end=end)
    return [
        _band(words, [gap for gap in gaps if is_inside(gap.gap)])
        for words, is_inside in _bands(time_gaps.most_gap(session))
    ]


def _bands(longest: timedelta) -> list[tuple[str, Callable[[timedelta], bool]]]:
    hours = f"{longest // HOUR} hour{'' if longest == HOUR else 's'}"
    return [
        ("The phone's clock was ahead", lambda gap: gap < -CLOCK_SKEW),
        ("At once: within 5 minutes", lambda gap: abs(gap) <= CLOCK_SKEW),
        (f"Up to {hours}", lambda gap: CLOCK_SKEW < gap <= longest),
        (f"Over {hours}, up to 2 days", lambda gap: longest < gap <= 48 * HOUR),
        ("Over 2 days", lambda gap: gap > max(longest, 48 * HOUR)),
    ]


def _band(words: str, gaps: Sequence[TimeGap]) -> GapBand:
    as_told = [gap for gap in gaps if gap.is_as_told]
    by_hand = sum(gap.accepted_at is not None for gap in as_told)
    return GapBand(words, len(gaps), len(as_told), by_hand, len(gaps) - len(as_told))
