"""What the contractor did, from its job system: the answer to the exported worklist."""

from datetime import datetime

import pandas as pd
from sqlalchemy import select

from geodata.core.vocabulary import Outcome
from geodata.files.columns import Field
from geodata.importers import positions
from geodata.importers.kinds.kind import Kind
from geodata.importers.parsed import Parsed
from geodata.importers.values import parse_whole, parse_word, without_personal_data
from geodata.models import Clearance, Report

MOST_KG = 100_000
CHUNK = 5_000
_WORDS_OUTCOME = {outcome.value.replace("_", " "): outcome.value for outcome in Outcome} | {
    "completed": Outcome.CLEARED.value,
    "collected": Outcome.CLEARED.value,
    "removed": Outcome.CLEARED.value,
    "done": Outcome.CLEARED.value,
    "nothing found": Outcome.NOT_FOUND.value,
    "private land": Outcome.NOT_OUR_LAND.value,
    "access refused": Outcome.NO_ACCESS.value,
    "specialist needed": Outcome.SPECIALIST.value,
}


def _clearance(parsed: Parsed) -> None:
    parsed.take_past_time("occurred_at", clock="time")
    parsed.take(
        "outcome",
        lambda texts: parse_word(texts, _WORDS_OUTCOME),
        f"is no known outcome: write {', '.join(Outcome)}",
        default=Outcome.CLEARED.value,
    )
    for count in ("chargers", "cylinders", "sacks"):
        parsed.take(count, parse_whole, "is not a whole number: write 0, 1, 2 ...")
    parsed.take("report_ref", lambda texts: texts)
    parsed.take("weight_kg", _parse_weight, "is no weight in kilograms: write 12.5")
    for text, most in (("contractor", 80), ("disposal", 40), ("land_owner", 200)):
        parsed.take(text, lambda texts, most=most: texts.str[:most])  # type: ignore[misc]
    parsed.take("no_photo_reason", lambda texts: without_personal_data(texts).str[:200])
    parsed.take("note", without_personal_data)
    parsed.columns["recorded_at"] = parsed.now
    parsed.refuse(parsed.columns["occurred_at"] > parsed.now, "occurred_at", "lies in the future")
    parsed.find_reports()
    _refuse_before_report(parsed)


def _parse_weight(texts: pd.Series) -> pd.Series:
    number = pd.to_numeric(texts.str.replace(",", "", regex=False), errors="coerce")
    return number.where((number >= 0) & (number < MOST_KG))


def _refuse_before_report(parsed: Parsed) -> None:
    """Nobody clears what nobody has told of yet: the clock or the reference is wrong."""
    wanted = [int(key) for key in parsed.columns["report_id"].dropna().unique()]
    first_reported: dict[int, datetime] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(Report.id, Report.reported_at).where(
            Report.id.in_(wanted[start : start + CHUNK])
        )
        first_reported |= {key: at for key, at in parsed.session.execute(query)}  # noqa: C416
    reported = pd.to_datetime(parsed.columns["report_id"].map(first_reported), utc=True)
    parsed.refuse(
        parsed.columns["occurred_at"] < reported,
        "occurred_at",
        "lies before the report that it answers: check the time and the reference",
    )


CLEARANCES = Kind(
    "clearances",
    Clearance,
    (
        Field(
            "occurred_at",
            (
                "cleared at",
                "date cleared",
                "cleared",
                "completed",
                "completion date",
                "date",
                "time",
            ),
        ),
        Field("time", ("time cleared", "cleared time", "time completed", "completion time")),
        Field("outcome", ("result", "status")),
        Field("report_ref", ("report", "report reference", "job", "job reference", "incident")),
        Field("chargers", ("canisters", "small canisters")),
        Field("cylinders", ("large canisters", "large cylinders")),
        Field("sacks", ("bags",)),
        Field("weight_kg", ("weight", "kg", "kilograms")),
        Field("disposal", ("disposal route", "taken to")),
        Field("land_owner", ("owner", "whose land")),
        Field("no_photo_reason", ("no photo", "why no photo")),
        Field("contractor", ("company",)),
        Field("note", ("notes", "comments")),
        *positions.FIELDS,
    ),
    _clearance,
    needs_position=False,
)
