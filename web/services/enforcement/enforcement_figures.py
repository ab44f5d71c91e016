"""Figures of enforcement: neutral activity counts. No target, no ranking, no arrow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import detections, places
from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.enforcement import actions
from geodata.enforcement.actions import ActionWithState
from geodata.frames.recorded_work import first_days
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.places.whereabouts import places_of, wards_of
from geodata.rules.council import rulebook
from geodata.rules.days import local_day
from geodata.rules.enforcement.deadlines import period_end, period_mark, period_words
from geodata.rules.enforcement.notice_life import MONEY_KINDS
from geodata.rules.enforcement.routes import UNDONE
from geodata.rules.tables import RuleBook
from web.services.enforcement.month_actions import MonthActions, month_actions, month_sentence
from web.services.enforcement.notice_deadlines import OpenNotice, open_notices
from web.services.enforcement.recording import ENTITY

if TYPE_CHECKING:
    from geodata.models import EnforcementAction

PAID = frozenset({NoticeState.PAID_DISCOUNT, NoticeState.PAID_FULL})
CPW_WINDOW = "warning_effect"
NEAR_PLACE_M = 100.0


@dataclass(frozen=True)
class PaymentRate:
    """Paid of those that were issued and neither void nor cancelled."""

    paid: int
    issued: int
    void: int
    cancelled: int

    @property
    def of(self) -> int:
        return self.issued - self.void - self.cancelled


@dataclass(frozen=True)
class WarningEffect:
    """Warnings (CPWs) that no notice (CPN) followed within the window of the periods table.

    Attributes
    ----------
    window
        Its length, such as 6 months; several where the table changed among these warnings.
    without_notice, finished
        Of the warnings whose window has passed.
    still_open
        Warnings whose window runs: they say nothing yet.
    untied
        Warnings without a reference of the penalty system: nothing can be tied to them.
    """

    window: str
    without_notice: int
    finished: int
    still_open: int
    untied: int


@dataclass(frozen=True)
class Figures:
    """What was done in a period, by what and where; what open notices wait for, by key."""

    rows: list[ActionWithState]
    waiting: dict[int, OpenNotice]
    by_kind: list[tuple[str, Counter[str]]]
    by_place: list[tuple[str, int]]
    by_hotspot: list[tuple[str, int]]
    payment: PaymentRate
    warnings: WarningEffect
    months: list[MonthActions]
    sentence: str


def figures(session: Session, since: date, until: date, actor: Actor) -> Figures:
    """Figures of acts from one local day to another, both included."""
    rows = actions.every(session, since=since, until=until, is_given=True)
    period = {"since": since, "until": until, "rows": len(rows)}
    audit.write(session, actor, "list", ENTITY, after=period)
    rules, today = rulebook(session), local_day(actor.now)
    return Figures(
        rows,
        open_notices(session, rows, today, rules=rules),
        _by_kind(rows),
        _by_place(session, rows),
        _by_hotspot(session, rows),
        payment_rate(rows),
        warning_effect(rules, actions.every(session), since, until, today=today),
        month_actions(rows, since, until, first_days(session)["enforcement"]),
        month_sentence(rows, since, until),
    )


def payment_rate(rows: list[ActionWithState]) -> PaymentRate:
    """Of penalty notices alone, drafts left out."""
    rows = [(action, state) for action, state in rows if state != NoticeState.DRAFT]
    states = Counter(state for action, state in rows if action.kind in MONEY_KINDS)
    return PaymentRate(
        sum(states[state] for state in PAID),
        sum(states.values()),
        states[NoticeState.VOID],
        states[NoticeState.CANCELLED] + states[NoticeState.APPEAL_ALLOWED],
    )


def warning_effect(
    rules: RuleBook,
    rows: list[ActionWithState],
    since: date,
    until: date,
    *,
    today: date,
) -> WarningEffect:
    """Of warnings given in a period; a notice counts whenever it came within the window."""
    standing = [(action, state) for action, state in rows if state not in UNDONE]
    notices = [action for action, _ in standing if action.kind == ActionKind.CPN]
    given = [
        action
        for action, _ in standing
        if action.kind == ActionKind.CPW and since <= local_day(action.offence_at) <= until
    ]
    tied = [action for action in given if action.recipient_ref]
    ends = {w.id: period_end(rules, CPW_WINDOW, _given_on(w)) for w in tied}
    finished = [w for w in tied if ends[w.id] < today]
    quiet = [w for w in finished if not any(_follows(n, w, ends[w.id]) for n in notices)]
    return WarningEffect(
        _window(rules, [_given_on(action) for action in given] or [until]),
        len(quiet),
        len(finished),
        len(tied) - len(finished),
        len(given) - len(tied),
    )


def _window(rules: RuleBook, days: list[date]) -> str:
    """Each length that held on these days, in the order in which they came to hold."""
    lengths = (
        f"{period_words(rules, CPW_WINDOW, day)}{period_mark(rules, CPW_WINDOW, day)}"
        for day in sorted(days)
    )
    return " or ".join(dict.fromkeys(lengths))


def _given_on(action: EnforcementAction) -> date:
    return action.issued_on or local_day(action.offence_at)


def _follows(notice: EnforcementAction, warning: EnforcementAction, window_end: date) -> bool:
    same = notice.earlier_action_id == warning.id or notice.recipient_ref == warning.recipient_ref
    return same and _given_on(warning) <= _given_on(notice) <= window_end


def _by_kind(rows: list[ActionWithState]) -> list[tuple[str, Counter[str]]]:
    """By kind in the order of the ladder, each with its states."""
    return [
        (kind.value, Counter(state for action, state in rows if action.kind == kind))
        for kind in ActionKind
        if any(action.kind == kind for action, _ in rows)
    ]


def _by_place(session: Session, rows: list[ActionWithState]) -> list[tuple[str, int]]:
    """By named place, in the alphabet's order: it is no league."""
    if not rows:
        return []
    points = [action.geometry for action, _ in rows]
    days = [local_day(action.offence_at) for action, _ in rows]
    near = places_of(session, points, days, within_m=NEAR_PLACE_M)
    around = list(zip(near, wards_of(session, points, days), strict=True))
    keys = {key for pair in around for key in pair if key is not None}
    names = {place.id: place.name for place in places.by_ids(session, keys)}
    counts = Counter(
        names[place] if place else f"{names[ward]} ward" if ward else "Elsewhere"
        for place, ward in around
    )
    return sorted(counts.items())


def _by_hotspot(session: Session, rows: list[ActionWithState]) -> list[tuple[str, int]]:
    """Actions within the outlines of the newest run's hotspots, by the hotspot's name."""
    run = detections.latest_run(session)
    hotspots = [] if run is None else detections.hotspots_of(session, run.id)
    counts = [
        (identity.name, sum(hotspot.geometry.covers(action.geometry) for action, _ in rows))
        for hotspot, identity in hotspots
    ]
    return sorted((name, count) for name, count in counts if count)
