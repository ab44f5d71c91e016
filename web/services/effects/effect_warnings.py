"""What speaks against reading an effect off two counts."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from geodata import frames
from geodata.clearances.series_breaks import SeriesBreak, breaks_between
from geodata.posters import interventions
from geodata.posters.interventions import InterventionRecord
from geodata.rules.days import date_in_words
from hotspots.core.words import counted
from hotspots.effects import TOO_FEW, Effect
from hotspots.effects.displacement import BeforeAfter
from web.services.effects.effect_design import EffectQuestion, Ground, Span, Spans

MORE_BY_POSTER = 0.1
"""A share of reports by posters' QR codes that has grown by so much is worth a warning."""


def warnings_about(
    session: Session,
    intervention: InterventionRecord,
    question: EffectQuestion,
    spans: Spans,
    ground: Ground,
    counts: dict[str, BeforeAfter],
    effect: Effect,
    fall: float,
) -> list[str]:
    """Sentences, the weightiest first."""
    return [
        *_of_numbers(effect, counts, spans, question, ground),
        *_of_choice(counts["target"], fall, question),
        *_of_reporting(session, ground, spans),
        *_of_other_interventions(session, intervention, spans, ground),
        *_of_breaks(session, spans),
    ]


def _of_numbers(
    effect: Effect,
    counts: dict[str, BeforeAfter],
    spans: Spans,
    question: EffectQuestion,
    ground: Ground,
) -> Iterator[str]:
    if effect.verdict == TOO_FEW:
        target = counts["target"]
        yield (
            f"Small numbers: {target.before} before and {target.after} after. With so few, only a "
            f"huge effect could be told from chance."
        )
    if spans.months < question.months:
        yield (
            f"Only {counted(spans.months, 'whole month')} "
            f"{'has' if spans.months == 1 else 'have'} passed since it began: "
            f"{spans.months} of each are compared."
        )
    chosen = sum(area.is_chosen for area in ground.areas)
    if chosen < len(ground.parts):
        yield f"Only {counted(chosen, 'comparison area')}: the comparison itself is uncertain."


def _of_choice(target: BeforeAfter, fall: float, question: EffectQuestion) -> Iterator[str]:
    if question.leaves_out_year or np.isnan(fall) or fall >= target.before:
        return
    yield (
        f"Regression to the mean: if the place was chosen because of its "
        f"{counted(target.before, 'incident')} in these months, {fall:.0f} would be expected after "
        f"with nothing done. If it was, leave that year out below."
    )


def _of_reporting(session: Session, ground: Ground, spans: Spans) -> Iterator[str]:
    inside = frames.report_channels(session, within=ground.target)
    night = inside["reported_at"].dt.tz_convert("Europe/London").dt.tz_localize(None)
    by_poster = (inside["poster_site_id"].notna() | (inside["channel"] == "qr")).to_numpy()
    by_span = {}
    for name, span in (("before", spans.before), ("after", spans.after)):
        held = span.holds(night)
        by_span[name] = int(by_poster[held].sum()), int(held.sum())
    shares = {name: n / of if of else 0.0 for name, (n, of) in by_span.items()}
    if shares["after"] - shares["before"] >= MORE_BY_POSTER:
        (posters_after, after), (posters_before, before) = by_span["after"], by_span["before"]
        yield (
            f"Changed reporting: {posters_after} of {after} reports after came by a poster's QR "
            f"code, {posters_before} of {before} before. More may be told of than was."
        )


def _of_other_interventions(
    session: Session, intervention: InterventionRecord, spans: Spans, ground: Ground
) -> Iterator[str]:
    near = ground.target.union(ground.ring)
    held = [m for m in interventions.records(session, near) if _is_other(m, intervention)]
    others = [
        other
        for other in held
        if any(other.overlaps(*span.days) for span in (spans.before, spans.after))
        and not _holds_throughout(other, held, spans)
    ]
    if others:
        names = "; ".join(f"{other.name} ({_when(other)})" for other in others)
        yield f"Not alone: {names} may have done it, or undone it."


def _is_other(one: InterventionRecord, intervention: InterventionRecord) -> bool:
    return (one.source, one.id) != (intervention.source, intervention.id)


def _holds_throughout(
    other: InterventionRecord, held: list[InterventionRecord], spans: Spans
) -> bool:
    """Whether it holds on every day that is compared; an order by all its versions together."""
    versions = [m for m in held if other.order_id and m.order_id == other.order_id] or [other]
    days = [
        day.date()
        for span in (spans.before, spans.after)
        for day in pd.date_range(span.first, span.end, inclusive="left")
    ]
    return all(any(version.holds_on(day) for version in versions) for day in days)


def _when(intervention: InterventionRecord) -> str:
    if intervention.valid_to == intervention.valid_from:
        return f"on {date_in_words(intervention.valid_from)}"
    until = f" to {date_in_words(intervention.valid_to)}" if intervention.valid_to else ""
    return f"from {date_in_words(intervention.valid_from)}{until}"


def _of_breaks(session: Session, spans: Spans) -> Iterator[str]:
    for one in breaks_between(session, spans.before.days[0], spans.after.days[1]):
        if one.kind == "lockdown" and not _touches(one, spans.before, spans.after):
            continue
        when = date_in_words(one.first) if one.first else "always"
        yield (
            f"Another contractor: {one.what} ({when}). That breaks figures of how fast dumps are "
            "cleared; incidents are counted on."
            if one.is_of_clearing
            else f"A break in the record: {one.what} ({when})."
        )


def _touches(one: SeriesBreak, *spans: Span) -> bool:
    return any(one.overlaps(*span.days) for span in spans)
