"""How the promise of clearance is kept: month by month in control, and hour by hour."""

from collections.abc import Mapping, Sequence

import numpy as np

from hotspots.effects.clearance_times import ClearanceCurve
from hotspots.stats.control_limits import ControlLimits, share_limits
from web.charts.drawing import Drawing, Line, Path, Text
from web.charts.plot import TOP, Plot
from web.services.clearing.performance import Part

LONGEST_H = 168
STEP_H = 0.5
"""Less than three units of the drawing's 960."""
STYLES = ("chart-main", "chart-expected", "chart-dotted", "chart-line")
"""Told apart by thickness and dashes, so that black and white has them too; no more are drawn."""
MOST_NAMES = 13


def limits_of(parts: Sequence[Part]) -> list[ControlLimits | None]:
    """Between which shares an ordinary part lies, by how many fell due in it."""
    targets = [part.figures.in_target for part in parts]
    return share_limits(np.array([t.met for t in targets]), np.array([t.of for t in targets]))


def promise_chart(parts: Sequence[Part], names: Sequence[str], sentence: str) -> Drawing:
    """The share cleared in time of each part, between its limits; the aim is all of them."""
    plot, limits = Plot(len(parts), 100, "%"), limits_of(parts)
    drawing = plot.drawing(sentence)
    shares = [part.figures.in_target.share * 100 for part in parts]
    values = [None if np.isnan(share) else share for share in shares]
    for i, limit in enumerate(limits):
        if limit:
            drawing.paths.append(plot.level(i, i + 1, limit.mean * 100, "chart-expected"))
            for edge in (limit.lower, limit.upper):
                drawing.paths.append(plot.level(i, i + 1, edge * 100, "chart-limit"))
    drawing.paths.append(plot.level(0, len(parts), 100, "chart-aim"))
    drawing.texts.append(Text(plot.width - 12, TOP - 8, "The aim: all", "end"))
    drawing.paths += plot.line(values, "chart-main")
    every = -(-len(parts) // MOST_NAMES)
    drawing.texts += [plot.below(i, name) for i, name in enumerate(names) if i % every == 0]
    return drawing


def promise_sentence(parts: Sequence[Part], by: str) -> str:
    """What the chart says."""
    judged = [(p, limit) for p, limit in zip(parts, limits_of(parts), strict=True) if limit]
    if len(judged) < 2:
        return f"Too few {by}s to compare the share cleared in target"
    shares = [(part.figures.in_target.share, limit) for part, limit in judged]
    worse = sum(round(share, 12) < limit.lower for share, limit in shares)
    better = sum(round(share, 12) > limit.upper for share, limit in shares)
    out = " and ".join(f"{n} {word}" for n, word in ((worse, "below"), (better, "above")) if n)
    if not out:
        return f"Cleared in target: no {by} differs from the others by more than chance"
    return f"Cleared in target: of {len(judged)} {by}s, {out} what chance explains"


def curve_chart(curves: Mapping[str, ClearanceCurve], sentence: str) -> Drawing:
    """A step line for each contractor over the first week; the promise's days stand as lines."""
    plot = Plot(7, 100, "%")
    drawing = plot.drawing(sentence)
    for day in range(8):
        if day < 7:
            drawing.texts.append(plot.below(day, f"{day * 24} h"))
        x = plot.x(day)
        drawing.lines.append(
            Line(x, TOP, x, plot.base, "chart-start" if day == 2 else "chart-grid")
        )
    for name, css in curve_styles(curves).items():
        points = _steps(curves[name])
        drawing.paths.append(Path(tuple((plot.x(h / 24), plot.y(s)) for h, s in points), css))
    return drawing


def curve_styles(curves: Mapping[str, ClearanceCurve]) -> dict[str, str]:
    """The contractors that are drawn, those with the most jobs first, and the class of each."""
    ranked = sorted(curves, key=lambda name: -curves[name].jobs)
    return dict(zip(ranked, STYLES, strict=False))


def _steps(curve: ClearanceCurve) -> list[tuple[float, float]]:
    """Corners of the curve in hours and percent, up to ``LONGEST_H``; where there are very many,
    one each ``STEP_H``: the page is as long for a hundred thousand jobs as for a thousand."""
    hours, done = curve.hours, curve.done * 100
    shown = hours <= LONGEST_H
    hours, done = hours[shown], done[shown]
    if len(hours) > LONGEST_H / STEP_H:
        slot = np.ceil(hours / STEP_H)
        is_last = np.append(np.diff(slot) > 0, True)
        hours, done = slot[is_last] * STEP_H, done[is_last]
    points, share = [(0.0, 0.0)], 0.0
    for hour, percent in zip(hours.tolist(), done.tolist(), strict=True):
        points += [(hour, share), (hour, percent)]
        share = percent
    return [*points, (float(LONGEST_H), share)]


def curve_sentence(curves: Mapping[str, ClearanceCurve]) -> str:
    """What the curves say of two days."""
    shares = [f"{name} {curves[name].done_within(48):.0%}" for name in curve_styles(curves)]
    return f"Cleared or found gone within 48 hours: {', '.join(shares)}"
