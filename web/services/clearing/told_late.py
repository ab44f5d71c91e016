"""How long after the time that it tells an outcome reached us, counted for everybody to see."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.clearances import time_gaps
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
    words, ceilings = _bands(time_gaps.most_gap(session))
    counts = time_gaps.gap_counts(session, start=start, end=end, ceilings=ceilings)
    return [
        GapBand(name, n.outcomes, n.as_told, n.by_hand, n.outcomes - n.as_told)
        for name, n in zip(words, counts, strict=True)
    ]


def _bands(longest: timedelta) -> tuple[list[str], list[timedelta]]:
    """Their words, and the largest gap of all but the last."""
    hours = f"{longest // HOUR} hour{'' if longest == HOUR else 's'}"
    words = [
        "The phone's clock was ahead",
        "At once: within 5 minutes",
        f"Up to {hours}",
        f"Over {hours}, up to 2 days",
        "Over 2 days",
    ]
    ahead = -CLOCK_SKEW - time_gaps.MILLISECOND
    return words, [ahead, CLOCK_SKEW, longest, max(longest, 48 * HOUR)]
