"""Which hotspot of this run is which of the run before.

Centres move by a street's length from month to month, so hotspots are matched by the incidents
they share (METHOD.md section 5). What shares none may still be a place that came back, when the
incidents that made it have left the window: then the ground decides.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from shapely.geometry.base import BaseGeometry

from hotspots.core.errors import ParameterError

# A piece smaller than this share of the whole is a stray incident, not a part.
SMALLEST_PART = 0.1
SAME_GROUND_M = 50.0
"""Middles of one place drift so far from flag to flag; outlines of two places do not overlap."""


@dataclass(frozen=True)
class HotspotMatches:
    """How the hotspots of two runs correspond; every tuple is sorted.

    Attributes
    ----------
    kept
        Current hotspot → the previous one whose identity it carries on.
    new, ended
        Current hotspots without a previous identity; previous ones that nobody carries on.
    splits
        Previous hotspot → the two or more current ones it fell into.
    merges
        Current hotspot → the two or more previous ones that went into it.
    jaccard
        Current hotspot → Jaccard index of the match, in (0, 1].
    """

    kept: dict[Hashable, Hashable] = field(default_factory=dict)
    new: tuple[Hashable, ...] = ()
    ended: tuple[Hashable, ...] = ()
    splits: dict[Hashable, tuple[Hashable, ...]] = field(default_factory=dict)
    merges: dict[Hashable, tuple[Hashable, ...]] = field(default_factory=dict)
    jaccard: dict[Hashable, float] = field(default_factory=dict)


def match_hotspots(
    previous: Mapping[Any, Collection[Hashable]],
    current: Mapping[Any, Collection[Hashable]],
    *,
    min_jaccard: float = 0.3,
) -> HotspotMatches:
    """Carry identities over from one run to the next.

    Two hotspots may be one when the incidents they share are at least ``min_jaccard`` of those
    that either has, or when one is a part of the other that split or merged. Of all assignments
    of one to one, that with the greatest sum of Jaccard indices is taken: so the larger part of
    a split keeps the name, and a merger keeps the larger's, unless another assignment keeps more
    names of more incidents. Ties keep the order of the ids.

    A previous hotspot *splits* into those current ones that hold at least a tenth of its
    surviving incidents and inherited at least half of their own from it; *merges* are the same
    with the runs exchanged.

    Parameters
    ----------
    previous, current
        Hotspot id → its incident ids, each in one hotspot of a run; of those only that both runs
        could see, or else a place looks new merely because time went on. The order of neither
        matters.
    min_jaccard
        In (0, 1].

    Examples
    --------
    >>> matches = match_hotspots({"H1": [1, 2, 3, 4, 5]}, {0: [1, 2, 3, 6], 1: [4, 5]})
    >>> matches.kept, matches.new, matches.splits
    ({0: 'H1'}, (1,), {'H1': (0, 1)})
    """
    if not 0 < min_jaccard <= 1:
        raise ParameterError(f"min_jaccard is {min_jaccard}: it must be above 0 and at most 1")
    before = {name: set(previous[name]) for name in _sorted(previous)}
    after = {name: set(current[name]) for name in _sorted(current)}
    shared = _shared(before, after)
    jaccard = {
        (old, now): n / (len(before[old]) + len(after[now]) - n) for (old, now), n in shared.items()
    }
    splits = _parts(shared)
    merges = _parts({(now, old): n for (old, now), n in shared.items()})
    related = {(old, now) for old, parts in splits.items() for now in parts}
    related |= {(old, now) for now, parts in merges.items() for old in parts}
    pairs = {
        pair: value for pair, value in jaccard.items() if value >= min_jaccard or pair in related
    }
    kept = _assigned(pairs, shared)
    carried = set(kept.values())
    return HotspotMatches(
        kept=kept,
        new=tuple(now for now in after if now not in kept),
        ended=tuple(old for old in before if old not in carried),
        splits=splits,
        merges=merges,
        jaccard={now: jaccard[old, now] for now, old in kept.items()},
    )


def match_ground(
    matches: HotspotMatches,
    previous: Mapping[Any, BaseGeometry],
    current: Mapping[Any, BaseGeometry],
) -> HotspotMatches:
    """Carry on those that share no incident and stand where another once stood.

    Of the hotspots that are new and the previous ones that nobody carries on, those whose outlines
    overlap by half of the smaller, or whose centroids lie within ``SAME_GROUND_M``, are one place:
    the nearest first, one to one.

    Parameters
    ----------
    previous, current
        Hotspot id → its outline, metres, all of one CRS. Of ``previous`` every one that was ever
        flagged; those that went into another should not be among them.

    Examples
    --------
    >>> came_back = match_ground(
    ...     HotspotMatches(new=(0,)), {"H1": shapely.Point(0, 0).buffer(25)},
    ...     {0: shapely.Point(36, 0).buffer(25)})
    >>> came_back.kept, came_back.new
    ({0: 'H1'}, ())
    """
    carried = set(matches.kept.values())
    free = [old for old in _sorted(previous) if old not in carried]
    if not free or not matches.new:
        return matches
    apart = {
        (old, now): apart
        for now in matches.new
        for old in free
        if (apart := _apart(previous[old], current[now])) is not None
    }
    kept = dict(matches.kept)
    for old, now in sorted(apart, key=lambda pair: (apart[pair], _sorted(previous).index(pair[0]))):
        if now not in kept and old not in carried:
            kept[now] = old
            carried.add(old)
    return replace(
        matches,
        kept=kept,
        new=tuple(now for now in matches.new if now not in kept),
        ended=tuple(old for old in matches.ended if old not in carried),
    )


def _apart(one: BaseGeometry, other: BaseGeometry) -> float | None:
    """Distance of the centroids of what is one place, in metres; None of two places."""
    apart = float(shapely.distance(one.centroid, other.centroid))
    if apart <= SAME_GROUND_M:
        return apart
    least = min(one.area, other.area)
    shared = one.intersection(other).area if one.intersects(other) else 0.0
    return apart if least > 0 and shared >= least / 2 else None


_Pair = tuple[Hashable, Hashable]


def _sorted(names: Iterable[Hashable]) -> list[Hashable]:
    """By value within a type, so that ids of several types have an order too."""
    return sorted(names, key=lambda name: (type(name).__name__, name))


def _shared(
    before: Mapping[Hashable, set[Hashable]], after: Mapping[Hashable, set[Hashable]]
) -> dict[_Pair, int]:
    """Number of incidents in both, for the pairs that share any."""
    homes: dict[Hashable, list[Hashable]] = {}
    for old, incidents in before.items():
        for incident in incidents:
            homes.setdefault(incident, []).append(old)
    counts = {
        now: Counter(old for incident in incidents for old in homes.get(incident, ()))
        for now, incidents in after.items()
    }
    return {(old, now): counts[now][old] for now in after for old in _sorted(counts[now])}


def _parts(shared: Mapping[_Pair, int]) -> dict[Hashable, tuple[Hashable, ...]]:
    """Wholes that fell into two or more parts."""
    of_whole: Counter[Hashable] = Counter()
    of_part: Counter[Hashable] = Counter()
    for (hotspot, part), n in shared.items():
        of_whole[hotspot] += n
        of_part[part] += n
    parts: dict[Hashable, list[Hashable]] = {}
    for (hotspot, part), n in shared.items():
        if n >= SMALLEST_PART * of_whole[hotspot] and n >= of_part[part] / 2:
            parts.setdefault(hotspot, []).append(part)
    return {
        hotspot: tuple(_sorted(parts[hotspot]))
        for hotspot in _sorted(parts)
        if len(parts[hotspot]) > 1
    }


def _assigned(
    pairs: Mapping[_Pair, float], shared: Mapping[_Pair, int]
) -> dict[Hashable, Hashable]:
    """Current → previous, one to one, with the greatest sum of Jaccard indices."""
    if not pairs:
        return {}
    olds = _sorted({old for old, _ in pairs})
    nows = _sorted({now for _, now in pairs})
    row = {old: k for k, old in enumerate(olds)}
    column = {now: k for k, now in enumerate(nows)}
    worth = np.zeros((len(olds), len(nows)))
    most = max(shared.values())
    for (old, now), value in pairs.items():
        # Far below any difference of two indices: among equals, more shared incidents, then
        # the order of the ids.
        order = abs(row[old] - column[now]) / worth.size
        worth[row[old], column[now]] = value + 1e-10 * shared[old, now] / most - 1e-13 * order
    rows, columns = linear_sum_assignment(worth, maximize=True)
    chosen = zip(rows.tolist(), columns.tolist(), strict=True)
    matched = {nows[c]: olds[r] for r, c in chosen if (olds[r], nows[c]) in pairs}
    return {now: matched[now] for now in nows if now in matched}
