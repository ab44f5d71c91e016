"""What cannot be judged: days without a record, and orders that only went on."""

from datetime import date, timedelta

import shapely
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.frames.coverage import coverage
from geodata.posters import interventions
from geodata.posters.interventions import InterventionRecord
from web.services.common.wording import date_in_words
from web.services.effects.effect_design import Ground, Spans


def refuse_without_record(
    session: Session,
    intervention: InterventionRecord,
    spans: Spans,
    ground: Ground,
    *,
    today: date,
) -> None:
    """No record is not zero: counts of days that were not recorded judge nothing.

    Raises
    ------
    RefusedError
        The record does not hold every day of "before" and "after".
    """
    counted = shapely.union_all(
        [ground.target, ground.ring, ground.comparison, ground.comparison_ring]
    )
    record = coverage(session, today=today, within=counted)
    for when, span in (("before", spans.before), ("since", spans.after)):
        if missing := record.missing(*span.days):
            first, last = map(date_in_words, span.days)
            raise RefusedError(
                f"{missing}, so dumps from {first} to {last}, {when} {intervention.name} began, "
                "cannot be counted"
            )


def refuse_extension(session: Session, intervention: InterventionRecord) -> None:
    """An order that was in force there on the day before did not begin: nothing has an effect.

    Raises
    ------
    RefusedError
        Another version of the order held all of its area until the day before.
    """
    if intervention.order_id is None:
        return
    eve = intervention.valid_from - timedelta(days=1)
    earlier = [
        record
        for record in interventions.records(session, intervention.geometry)
        if record.order_id == intervention.order_id
        and record.id != intervention.id
        and record.valid_from < intervention.valid_from
    ]
    held = [record.geometry for record in earlier if record.holds_on(eve)]
    if held and shapely.union_all(held).buffer(1.0).covers(intervention.geometry):
        began = date_in_words(min(record.valid_from for record in earlier))
        raise RefusedError(
            f"{intervention.name} took up an order that was in force here the day before: it began "
            f"on {began}, and its effect can be asked of that version"
        )
