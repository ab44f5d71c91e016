"""What the contractor did, from its job system: the answer to the exported worklist."""

from datetime import datetime

import pandas as pd
from sqlalchemy import select

from geodata.clearances.time_gaps import most_gap
from geodata.core.vocabulary import ChargerBand, Outcome
from geodata.files.columns import Field
from geodata.importers.kinds.closings import CLEARED
from geodata.importers.kinds.kind import Kind
from geodata.importers.parsed import Parsed
from geodata.importers.values import parse_whole, parse_word
from geodata.importers.where import position_columns
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
    "could not get in": Outcome.NO_ACCESS.value,
}
ANSWERS = (
    "occurred_at",
    "time",
    "outcome",
    "chargers",
    "cylinders",
    "sacks",
    "weight_kg",
    "disposal",
    "land_owner",
    "no_photo_reason",
    "note",
)
"""Fields that say what was done; a row of the worklist without any of them is not answered yet."""


def _clearance(parsed: Parsed) -> None:
    _leave_unanswered(parsed)
    _leave_corrected(parsed)
    parsed.take_past_time("occurred_at", clock="time")
    parsed.take(
        "outcome",
        lambda texts: parse_word(texts, _WORDS_OUTCOME),
        f"is no known outcome: write {', '.join(Outcome)}",
        default=Outcome.CLEARED.value,
    )
    for count in ("chargers", "cylinders", "sacks"):
        number = "is not a whole number: write 0, 1, 2 ..."
        parsed.take(count, parse_whole, number, is_optional=True)
    _take_band(parsed)
    parsed.take("report_ref", lambda texts: texts)
    weight = "is no weight in kilograms: write 12.5"
    parsed.take("weight_kg", _parse_weight, weight, is_optional=True)
    for text, most in (("contractor", 80), ("disposal", 40)):
        parsed.take(text, lambda texts, most=most: texts.str[:most])  # type: ignore[misc]
    for text in ("no_photo_reason", "land_owner"):
        parsed.take_words(text, most=200)
    parsed.take_words("note")
    parsed.warn_of_removed("note", "no_photo_reason", "land_owner")
    parsed.columns["recorded_at"] = parsed.now
    parsed.refuse(parsed.columns["occurred_at"] > parsed.now, "occurred_at", "lies in the future")
    parsed.find_reports()
    told_of = _reports_told_of(parsed)
    _refuse_before_report(parsed, told_of["reported_at"])
    _count_late_at_receipt(parsed, told_of["recorded_at"])


def _leave_unanswered(parsed: Parsed) -> None:
    """Leave rows alone that name a job and say nothing of it: a worklist comes back half done."""
    is_answered = pd.Series(data=False, index=parsed.rows.index)
    for name in ANSWERS:
        is_answered |= parsed.texts(name) != ""
    is_left = (parsed.texts("report_ref") != "") & ~is_answered
    parsed.skip_rows(is_left)
    if is_left.any():
        parsed.warnings.append(
            f"Rows of jobs without an outcome: {int(is_left.sum())}. They stay as they are"
        )


def _leave_corrected(parsed: Parsed) -> None:
    """Leave out what another store took back or corrected: here it would stand again."""
    keys = parsed.texts("id")
    later = set(parsed.texts("replaces_id")) - {""}
    is_left = (parsed.texts("voided_at") != "") | keys.isin(later)
    parsed.skip_rows(is_left)
    if is_left.any():
        parsed.warnings.append(
            f"Rows that were taken back or corrected: {int(is_left.sum())}. They are left out"
        )


def _take_band(parsed: Parsed) -> None:
    """The band that a crew chose; one that another program does not know is left out."""
    words = {band.value.replace("_", " "): band.value for band in ChargerBand}
    say = f"is no known band: write {', '.join(ChargerBand)}"
    parsed.take("charger_band", lambda texts: parse_word(texts, words), say, is_optional=True)


def _parse_weight(texts: pd.Series) -> pd.Series:
    number = pd.to_numeric(texts.str.replace(",", "", regex=False), errors="coerce")
    return number.where((number >= 0) & (number < MOST_KG))


def _reports_told_of(parsed: Parsed) -> pd.DataFrame:
    """``reported_at`` and ``recorded_at`` of the report that each row answers, UTC."""
    keys = parsed.columns["report_id"]
    wanted = [int(key) for key in keys.dropna().unique()]
    times_of: dict[int, tuple[datetime, datetime]] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(Report.id, Report.reported_at, Report.recorded_at).where(
            Report.id.in_(wanted[start : start + CHUNK])
        )
        times_of |= {
            key: (told_times, kept) for key, told_times, kept in parsed.session.execute(query)
        }
    names = ("reported_at", "recorded_at")
    times = {
        name: pd.to_datetime(keys.map({key: both[n] for key, both in times_of.items()}), utc=True)
        for n, name in enumerate(names)
    }
    return pd.DataFrame(times, index=parsed.rows.index)


def _count_late_at_receipt(parsed: Parsed, recorded: pd.Series) -> None:
    """A time that came too late counts at its receipt, until an officer accepts it.

    What was done before its report was in this store is history, not an answer to a promise that
    this store kept the time of: there the file is the only record.
    """
    told_times = parsed.columns["occurred_at"]
    is_live = recorded.notna() & (told_times >= recorded)
    is_late = is_live & (parsed.now - told_times > most_gap(parsed.session))
    parsed.columns["device_at"] = told_times
    parsed.columns["occurred_at"] = told_times.mask(is_late, pd.Timestamp(parsed.now))
    if is_late.any():
        parsed.warnings.append(
            f"{int(is_late.sum())} outcomes are told more than the longest gap after their time: "
            "they count from now, until an officer accepts their times (Results, Times told late)"
        )


def _refuse_before_report(parsed: Parsed, reported: pd.Series) -> None:
    """Nobody clears what nobody has told of yet: the clock or the reference is wrong."""
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
                *CLEARED,
                "date",
                "time",
            ),
        ),
        Field("time", ("time cleared", "cleared time", "time completed", "completion time")),
        Field("outcome", ("result", "status")),
        Field("report_ref", ("report", "report reference", "job", "job reference", "incident")),
        Field("chargers", ("canisters", "small canisters")),
        Field("charger_band"),
        Field("cylinders", ("large canisters", "large cylinders")),
        Field("sacks", ("bags",)),
        Field("weight_kg", ("weight", "kg", "kilograms")),
        Field("disposal", ("disposal route", "taken to")),
        Field("land_owner", ("owner", "whose land")),
        Field("no_photo_reason", ("no photo", "why no photo")),
        Field("contractor", ("company",)),
        Field("note", ("notes", "comments")),
        Field("id"),
        Field("replaces_id"),
        Field("voided_at"),
        *position_columns.FIELDS,
    ),
    _clearance,
    needs_position=False,
    has_subject=True,
)
