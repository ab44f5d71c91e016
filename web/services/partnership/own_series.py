"""The council's own indicators as series, reckoned from its record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from geodata.core.vocabulary import ActionKind, InterventionKind
from geodata.enforcement import actions
from geodata.enforcement.actions import ActionWithState
from geodata.frames import recorded_work
from geodata.frames.clearance_frame import clocked_incidents
from geodata.indicators.areas import Area
from geodata.posters.poster_events import STATE_AFTER
from geodata.rules.council import rulebook
from geodata.rules.days import day_starts, local_day
from geodata.rules.enforcement.notice_life import MONEY_KINDS
from geodata.rules.enforcement.routes import UNDONE
from hotspots.effects.clearance_times import clearance_figures
from web.services.enforcement.enforcement_figures import payment_rate, warning_effect
from web.services.partnership.own_definitions import HOTSPOT_CLASSES, OWN
from web.services.partnership.own_record import OwnRecord, own_record
from web.services.partnership.series import Break, Figure, Series
from web.services.partnership.windows import Window

NO_RUN = 100
RUN_SPEAKS_FOR = timedelta(days=NO_RUN)
"""An older run says nothing about a month's end."""
EDUCATION = (InterventionKind.SCHOOL_VISIT, InterventionKind.EVENT)
Figures = dict[tuple[date, int], Figure]
Missing = Callable[[Window], str]
"""Why a window has no record; empty where it has."""


@dataclass(frozen=True)
class _Scope:
    """What is reckoned: counts of each month of a span, shares of these windows."""

    session: Session
    span: Window
    windows: tuple[Window, ...]
    now: datetime
    record: OwnRecord

    @property
    def months(self) -> list[Window]:
        return [Window(first, 1) for first in self.span.starts()]


def own_series(
    session: Session, area: Area, span: Window, windows: Iterable[Window], *, now: datetime
) -> dict[str, Series]:
    """The series of every own indicator, by key.

    Parameters
    ----------
    area
        The council's.
    span
        Months for which counts are wanted.
    windows
        For which shares are wanted; they are reckoned anew, not from months.
    now
        What is known by then counts.
    """
    record = own_record(session, span, today=local_day(now))
    scope = _Scope(session, span, tuple(windows), now, record)
    figures = {
        **_dump_figures(scope),
        **_clearance_figures(scope),
        **_enforcement_figures(scope),
        **_hotspot_figures(scope),
        **_patrol_figures(scope),
        **_poster_figures(scope),
        **_intervention_figures(scope),
    }
    return {
        key: Series(terms, area, figures[key], _breaks(key, record)) for key, terms in OWN.items()
    }


def _breaks(key: str, record: OwnRecord) -> tuple[Break, ...]:
    if key in {"own-cleared-in-target", "own-repeats-28"}:
        return record.clearance_breaks
    is_of_dumps = key in {"own-incidents", "own-reports", "own-incidents-cylinders"}
    return record.dump_breaks if is_of_dumps or key == "own-cylinders" else ()


def _counted(scope: _Scope, rows: pd.DataFrame, missing: Missing, column: str = "") -> Figures:
    """Rows of each month, or the sum of a column (null adds none), where there is a record."""
    months = rows["day"].map(lambda day: day.replace(day=1))
    amounts = rows[column].fillna(0).astype(float) if column else pd.Series(1.0, rows.index)
    sums = amounts.groupby(months).sum()
    return {
        (month.first, 1): Figure(None, reason=why)
        if (why := missing(month))
        else Figure(float(sums.get(month.first, 0.0)))
        for month in scope.months
    }


def _dump_figures(scope: _Scope) -> dict[str, Figures]:
    missing = scope.record.dumps_missing
    days = recorded_work.dump_days(scope.session, scope.span.first, scope.span.last)
    return {
        "own-incidents": _counted(scope, days, missing, "incidents"),
        "own-reports": _counted(scope, days, missing, "reports"),
        "own-incidents-cylinders": _counted(scope, days, missing, "with_cylinders"),
        "own-cylinders": _counted(scope, days, missing, "cylinders"),
    }


def _clearance_figures(scope: _Scope) -> dict[str, Figures]:
    target: Figures = {}
    repeats: Figures = {}
    for together in _adjoining(scope.windows):
        first, last = together[0].first, max(window.last for window in together)
        jobs = clocked_incidents(
            scope.session,
            now=scope.now,
            due_from=day_starts(first),
            due_before=day_starts(last + timedelta(days=1)),
        )
        for window in together:
            place = (window.first, window.months)
            target[place], repeats[place] = _cleared(scope, jobs, window)
    return {"own-cleared-in-target": target, "own-repeats-28": repeats}


def _adjoining(windows: Iterable[Window]) -> list[list[Window]]:
    """Windows in order, those that overlap or follow each other at once together: one read each."""
    groups: list[list[Window]] = []
    for window in sorted(windows, key=lambda one: (one.first, one.months)):
        ends = max((one.last for one in groups[-1]), default=date.min) if groups else date.min
        if groups and window.first <= ends + timedelta(days=1):
            groups[-1].append(window)
        else:
            groups.append([window])
    return groups


def _cleared(scope: _Scope, jobs: gpd.GeoDataFrame, window: Window) -> tuple[Figure, Figure]:
    if why := scope.record.dumps_missing(window):
        return Figure(None, reason=why), Figure(None, reason=why)
    start, end = day_starts(window.first), day_starts(window.last + timedelta(days=1))
    cleared = clearance_figures(jobs, start=start, end=end, as_of=scope.now)
    return (
        _share(cleared.in_target.met, cleared.in_target.of, "nothing fell due"),
        _share(cleared.repeats_28.met, cleared.repeats_28.of, "nothing was cleared 28 days ago"),
    )


def _share(met: int, of: int, nothing: str, note: str = "") -> Figure:
    """A share of nothing is no share."""
    return Figure(met, of, note=note) if of else Figure(None, reason=nothing, note=note)


def _enforcement_figures(scope: _Scope) -> dict[str, Figures]:
    rows = actions.every(scope.session, is_given=True)
    missing = scope.record.missing("enforcement")
    standing = [action for action, state in rows if state not in UNDONE]
    notices = _days(a.offence_at for a in standing if a.kind in MONEY_KINDS)
    cautions = _days(a.offence_at for a in standing if a.kind == ActionKind.CAUTION)
    paid: Figures = {}
    warned: Figures = {}
    for window in scope.windows:
        place, why = (window.first, window.months), missing(window)
        paid[place] = Figure(None, reason=why) if why else _paid(rows, window)
        warned[place] = Figure(None, reason=why) if why else _warned(scope, rows, window)
    return {
        "own-notices": _counted(scope, notices, missing),
        "own-cautions": _counted(scope, cautions, missing),
        "own-payment-rate": paid,
        "own-warning-effect": warned,
    }


def _days(moments: Iterable[datetime]) -> pd.DataFrame:
    return pd.DataFrame({"day": [local_day(at) for at in moments]}, dtype=object)


def _paid(rows: list[ActionWithState], window: Window) -> Figure:
    within = [
        (action, state)
        for action, state in rows
        if window.first <= local_day(action.offence_at) <= window.last
    ]
    rate = payment_rate(within)
    return _share(rate.paid, rate.of, "no notice was issued")


def _warned(scope: _Scope, rows: list[ActionWithState], window: Window) -> Figure:
    rules, today = rulebook(scope.session), local_day(scope.now)
    effect = warning_effect(rules, rows, window.first, window.last, today=today)
    note = f"{effect.still_open} still open"
    if effect.untied:
        note += f", {effect.untied} without a reference"
    return _share(effect.without_notice, effect.finished, "no warning's time has passed", note)


def _hotspot_figures(scope: _Scope) -> dict[str, Figures]:
    """Of the last run by the end of each month, if it is not too old to speak of it."""
    since = scope.span.first - RUN_SPEAKS_FOR
    rows = recorded_work.hotspot_classes(scope.session, since, scope.span.last)
    missing = scope.record.missing("detection")
    figures: dict[str, Figures] = {f"own-hotspots-{name}": {} for name in HOTSPOT_CLASSES}
    for month in scope.months:
        is_near = (rows["day"] <= month.last) & (rows["day"] > month.last - RUN_SPEAKS_FOR)
        near = rows[is_near]
        why = missing(month) or ("" if len(near) else f"no detection run in {NO_RUN} days")
        for name in HOTSPOT_CLASSES:
            figure = Figure(None, reason=why) if why else _of_class(near, name)
            figures[f"own-hotspots-{name}"][month.first, 1] = figure
    return figures


def _of_class(rows: pd.DataFrame, name: str) -> Figure:
    """Of some runs the last: by its day, then by its key."""
    newest = rows.sort_values(["day", "run"])["run"].iloc[-1]
    return Figure(int(((rows["run"] == newest) & (rows["hotspot_class"] == name)).sum()))


def _patrol_figures(scope: _Scope) -> dict[str, Figures]:
    visits = recorded_work.visit_days(scope.session, scope.span.first, scope.span.last)
    missing = scope.record.missing("patrols")
    return {
        "own-patrol-visits": _counted(scope, visits, missing),
        "own-patrol-hours": _counted(scope, visits, missing, "hours"),
    }


def _poster_figures(scope: _Scope) -> dict[str, Figures]:
    events = recorded_work.poster_events(scope.session, scope.span.last)
    missing = scope.record.missing("posters")
    figures: Figures = {}
    for month in scope.months:
        why = missing(month)
        latest = events[events["day"] <= month.last].drop_duplicates("site", keep="last")
        up = int((latest["kind"].map(STATE_AFTER) == "up").sum())
        figures[month.first, 1] = Figure(None, reason=why) if why else Figure(up)
    return {"own-posters-up": figures}


def _intervention_figures(scope: _Scope) -> Mapping[str, Figures]:
    begun = recorded_work.intervention_days(scope.session, scope.span.first, scope.span.last)
    missing = scope.record.missing("interventions")
    education = begun[begun["kind"].isin(EDUCATION)]
    priced = begun[begun["cost_pence"].notna()]
    pounds = priced.assign(pounds=priced["cost_pence"].astype(float) / 100)

    def unpriced(window: Window) -> str:
        return missing(window) or ("" if len(priced) else "no cost was entered")

    return {
        "own-education": _counted(scope, education, missing),
        "own-cost": _counted(scope, pounds, unpriced, "pounds"),
    }
