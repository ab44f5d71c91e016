"""Charts as pictures for paper: black on white, told apart by shape and dash, not by colour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

WIDTH_IN, HEIGHT_IN, DPI = 6.9, 2.5, 200
"""Fits between the margins of A4 as it is, so that its letters have the size that they say."""
GREY = "#767676"


@dataclass(frozen=True)
class MarkedDay:
    """Where a series breaks; ``last`` is None where it is one day and no stretch."""

    first: date
    last: date | None
    words: str


@dataclass(frozen=True)
class SharePoint:
    """A month's share with its control limits; None where it is not known."""

    month: date
    share: float | None
    middle: float | None
    low: float | None
    high: float | None

    @property
    def is_outside(self) -> bool:
        """Beyond a limit that chance alone passes about three times in a thousand months."""
        if self.share is None or self.low is None or self.high is None:
            return False
        return not self.low <= self.share <= self.high


def share_chart(points: Sequence[SharePoint], breaks: Sequence[MarkedDay], label: str) -> bytes:
    """A control chart as PNG: shares as dots, the middle as a line, limits as dashes."""
    figure, axes = _sheet(label)
    days = [_x(point.month) for point in points]
    for values, style in (("middle", "-"), ("low", "--"), ("high", "--")):
        drawn = [_or_gap(getattr(point, values)) for point in points]
        axes.step(days, drawn, where="mid", color=GREY, linestyle=style, linewidth=1)
    axes.plot(days, [_or_gap(p.share) for p in points], "o-", color="black", markersize=4, lw=1.2)
    outside = [(_x(p.month), p.share) for p in points if p.is_outside and p.share is not None]
    if outside:
        axes.plot(
            *zip(*outside, strict=True), "D", color="white", markersize=9, mec="black", mew=1.5
        )
    known = [v for p in points for v in (p.share, p.low) if v is not None]
    axes.set_ylim(max(0.0, math.floor(10 * min(known, default=0)) / 10 - 0.05), 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    _mark(axes, breaks, [point.month for point in points])
    return _png(figure)


def count_chart(
    months: Sequence[date], counts: Sequence[int | None], breaks: Sequence[MarkedDay], label: str
) -> bytes:
    """A line of counts by month as PNG, with a gap where nothing is known or may be told."""
    figure, axes = _sheet(label)
    drawn = [_or_gap(count) for count in counts]
    axes.plot(
        [_x(month) for month in months], drawn, "o-", color="black", markersize=4, linewidth=1.2
    )
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    _mark(axes, breaks, months)
    return _png(figure)


def _sheet(label: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_ylabel(label, fontsize=8)
    axes.tick_params(labelsize=8)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    return figure, axes


def _mark(axes: Axes, breaks: Sequence[MarkedDay], months: Sequence[date]) -> None:
    """Breaks by number, hatched where they last; and months named below."""
    axes.set_xlim(_x(months[0]) - 20, _x(months[-1]) + 20)
    named = months[:: max(1, round(len(months) / 9))]
    axes.set_xticks([_x(month) for month in named], [f"{month:%b %Y}" for month in named])
    for number, one in enumerate(breaks, 1):
        start = max(one.first, months[0])
        if one.last is not None and one.last > start:
            axes.axvspan(
                _x(start), _x(one.last), facecolor="none", edgecolor=GREY, hatch="////", lw=0
            )
        axes.axvline(_x(start), color="black", linestyle=":", linewidth=1.2)
        axes.annotate(
            f" {number}",
            (_x(start), 1),
            xycoords=("data", "axes fraction"),
            fontsize=9,
            fontweight="bold",
            va="bottom",
        )


def _x(day: date) -> float:
    return float(day.toordinal())


def _or_gap(value: float | None) -> float:
    return math.nan if value is None else value


def _png(figure: Figure) -> bytes:
    held = BytesIO()
    # Without this the file names the program and its version.
    figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()
