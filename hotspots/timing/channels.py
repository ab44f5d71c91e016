"""Has reporting changed, where dumping may not have? Channels that began or ended within a window.

A poster with a QR code, a new web form, a partner's feed: each tells of dumps that nobody told of
before. What is then counted more often did not become more frequent. A change is believed where
the channels that were in use all along show it too.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hotspots.core.frames import aware_utc
from hotspots.core.words import listed

COLUMN = "channels"
SEPARATOR = "; "
UNLIKELY_EXPECTED = 8.0
"""A silence in which a channel's pace leads one to expect so many incidents is none of chance:
exp(-8) is 3 in 10,000, which leaves room for seasons."""
FEWEST_INCIDENTS = 3
"""A channel with fewer makes no change that anybody would see."""
ENOUGH_SHARE = 0.5
"""Of the window's incidents: with less left, steady channels cannot speak for the rest."""


@dataclass(frozen=True, eq=False)
class ReportingChange:
    """Channels that began or ended within a window.

    Attributes
    ----------
    is_steady
        (n,) whether a channel in use all along told of an incident.
    channels
        Names of those that began or ended, the one with the most incidents first.
    is_enough
        Whether the incidents by steady channels can be asked in place of all.
    """

    is_steady: np.ndarray
    channels: tuple[str, ...]
    is_enough: bool

    @property
    def words(self) -> str:
        """Such as: reports by "qr" and "poster 7" began or ended in the time compared."""
        shown = [f"“{name}”" for name in self.channels[:3]]
        more = len(self.channels) - len(shown)
        if more:
            shown.append(f"{more} more")
        return f"reports by {listed(shown)} began or ended in the time compared"


def reporting_change(
    incidents: pd.DataFrame, *, since: pd.Timestamp, as_of: pd.Timestamp
) -> ReportingChange | None:
    """What of the reporting began or ended between two moments; None where nothing did.

    Parameters
    ----------
    incidents
        ``first_reported_at`` (aware); ``channels``, all by which an incident was told of, as text
        with "; " between (null: not said, which counts as a channel of its own). Without that
        column nothing is known to have changed.
    since, as_of
        The window. A record that begins later begins it.

    Examples
    --------
    >>> days = pd.date_range("2026-01-01", periods=200, freq="D", tz="UTC")
    >>> told = pd.DataFrame({"first_reported_at": days, "channels": ["phone"] * 160 + ["qr"] * 40})
    >>> change = reporting_change(told, since=days[0], as_of=days[-1])
    >>> change.channels, int(change.is_steady.sum())
    (('phone', 'qr'), 0)
    >>> told["channels"] = ["phone"] * 160 + ["phone; qr", "phone", "qr", "phone"] * 10
    >>> change = reporting_change(told, since=days[0], as_of=days[-1])
    >>> change.channels, int(change.is_steady.sum())
    (('qr',), 190)
    """
    if COLUMN not in incidents or incidents.empty:
        return None
    reported = incidents["first_reported_at"]
    start, end = max(aware_utc(since), reported.min()), aware_utc(as_of)
    code, names = pd.factorize(incidents[COLUMN].astype(object).fillna("not said"))
    inside = ((reported >= start) & (reported <= end)).to_numpy()
    parts = _parts(code[inside], names, reported[inside])
    spans = zip(parts["first"], parts["last"], parts["n"], strict=True)
    changed = parts[[_has_changed(first, last, n, start, end) for first, last, n in spans]]
    if changed.empty:
        return None
    steady = set(parts.index) - set(changed.index)
    is_steady = np.array([bool(steady & set(name.split(SEPARATOR))) for name in names])[code]
    share = is_steady[inside].mean()
    order = changed.sort_values("n", ascending=False, kind="stable").index
    return ReportingChange(is_steady, tuple(map(str, order)), bool(share >= ENOUGH_SHARE))


def _parts(code: np.ndarray, names: pd.Index, reported: pd.Series) -> pd.DataFrame:
    """First and last time, and number of incidents, of each channel, by its name."""
    table = reported.groupby(code).agg(["min", "max", "size"])
    table = table.set_axis(["first", "last", "n"], axis=1)
    table["channel"] = [names[each].split(SEPARATOR) for each in table.index]
    every = table.explode("channel").groupby("channel")
    return every.agg({"first": "min", "last": "max", "n": "sum"})


def _has_changed(
    first: pd.Timestamp, last: pd.Timestamp, n: int, start: pd.Timestamp, end: pd.Timestamp
) -> bool:
    """Whether it was silent at either end for longer than its own pace explains."""
    day = pd.Timedelta(days=1)
    pace = n / max((last - first) / day, 1.0)
    silence = max((first - start) / day, (end - last) / day)
    return n >= FEWEST_INCIDENTS and pace * silence >= UNLIKELY_EXPECTED
