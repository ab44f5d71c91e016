"""The second event of a report's row: that other systems export when it was dealt with."""

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed
from geodata.core.bulk_insert import insert_frame
from geodata.core.vocabulary import Outcome
from geodata.files.columns import Field, named
from geodata.importers.parsed import Parsed
from geodata.importers.values import parse_flag, parse_word
from geodata.importers.when.clocks import has_own_time
from geodata.importers.when.time_numbers import written_out
from geodata.importers.when.times import LONDON
from geodata.models import Clearance, Report

_EVENTS = ("cleared", "fixed", "closed", "completed", "resolved")
_FORMS = ("{}", "{} at", "{} on", "{} date", "date {}", "{} datetime", "{} time", "date time {}")
_NOUNS = ("completion date", "resolution date", "clearance date", "actual completion date")
_OF = ("", "case", "job", "report", "request", "service request", "enquiry", "worksheet", "service")
CLEARED = (*named(_OF, [form.format(e) for e in _EVENTS for form in _FORMS]), *_NOUNS)
"""What the time is called at which something was dealt with, the best first."""
FIELDS = (
    Field("cleared_at", CLEARED),
    Field("cleared_at_too", CLEARED),  # FixMyStreet fills Fixed of some rows, and Closed of others
    Field("state", named(_OF, ("status", "status name", "state name"))),
    Field("updated_at", ("updated datetime",)),
)
_CLEARED = (
    *_EVENTS,
    "fixed council",
    "fixed user",
    "complete",
    "done",
    "problem solved",
    "ar gau",
    "wedi cau",
    "caewyd",
    "cliriwyd",
    "cwblhawyd",
    "datryswyd",
)
_NOT_CLEARED = (
    *("duplicate", "unable to fix", "not responsible", "no further action", "internal referral"),
    *("cancelled", "canceled", "rejected", "merged", "information provided"),
)
_OPEN = (
    *("open", "new", "confirmed", "unconfirmed", "investigating", "planned", "action scheduled"),
    *("in progress", "active", "on hold", "assigned", "acknowledged", "escalated", "pending"),
    *("agored", "ar agor", "newydd", "ar y gweill", "yn cael ei ymchwilio"),
)
_STATES: Mapping[str, str] = (
    dict.fromkeys(_CLEARED, "cleared")
    | dict.fromkeys(_NOT_CLEARED, "not cleared")
    | dict.fromkeys(_OPEN, "open")
)


def take_closing(parsed: Parsed) -> None:
    """Add ``cleared_at``, UTC, NaT where the row tells of no clearance; say what was understood."""
    _fill_from_second(parsed)
    state = parse_word(parsed.texts("state"), _STATES).fillna("")
    says_cleared = (state == "cleared") | _as_flags(parsed)
    _take_moments(parsed, says_cleared)
    at, has_state = parsed.columns["cleared_at"], parsed.texts("state") != ""
    parsed.refuse(
        at.notna() & has_state & state.isin(["open", ""]),
        "state",
        "stands beside a time of clearing: write closed, or leave that time out",
    )
    parsed.refuse(
        at < parsed.columns["reported_at"],
        "cleared_at",
        "lies before the report that it closes: check both times",
    )
    parsed.refuse(at > parsed.now, "cleared_at", "lies in the future: check the year, day, month")
    parsed.columns["cleared_at"] = at.where(state != "not cleared")
    _say(parsed, says_cleared & at.isna(), at.notna() & (state == "not cleared"))


def _fill_from_second(parsed: Parsed) -> None:
    """Where a row has no time of clearing in the best column for it, take the next best one's."""
    header, times = parsed.headers.get("cleared_at"), parsed.texts("cleared_at_too")
    if header is not None:
        is_missing = (parsed.rows[header] == "") & times.str.contains(r"\d")
        parsed.rows[header] = parsed.rows[header].mask(is_missing, times)


def _as_flags(parsed: Parsed) -> pd.Series:
    """Rows whose closing column says yes; neither yes nor no is left to be read as a time."""
    header = parsed.headers.get("cleared_at")
    flags = parse_flag(parsed.texts("cleared_at"))
    if header is not None:
        parsed.rows[header] = parsed.rows[header].mask(flags.notna(), "")
    return (flags == True).astype(bool)  # noqa: E712


def _take_moments(parsed: Parsed, says_cleared: pd.Series) -> None:
    """A time of clearing; Open311's last update where the state alone says that it is closed."""
    header, updated = parsed.headers.get("cleared_at"), parsed.headers.get("updated_at")
    parsed.take_time("cleared_at")
    days = written_out(parsed.texts("cleared_at"))
    if updated is not None:
        parsed.take_time("updated_at")
        changed = parsed.columns.pop("updated_at")
        uses_update = says_cleared & (days == "")
        parsed.columns["cleared_at"] = parsed.columns["cleared_at"].mask(uses_update, changed)
    if header is not None:
        is_day = (days != "") & ~has_own_time(days) & (parsed.texts("cleared_at_time") == "")
        local = parsed.columns["cleared_at"].dt.tz_convert(LONDON)
        end = (local.dt.normalize() + pd.DateOffset(hours=23, minutes=59)).dt.tz_convert("UTC")
        end = end.where(~((end > parsed.now) & (local <= parsed.now)), parsed.now)
        parsed.columns["cleared_at"] = parsed.columns["cleared_at"].mask(is_day, end)


def _say(parsed: Parsed, lacks_time: pd.Series, is_other: pd.Series) -> None:
    cleared = int(parsed.columns["cleared_at"].notna().sum())
    if cleared:
        parsed.warnings.append(
            f"{len(parsed.rows)} rows tell of a report, {cleared} of them with a clearance too "
            "(a day without a time counts to its end)"
        )
    for is_such, words in (
        (lacks_time, "say that they are closed but not when: no clearance was taken, give a time"),
        (is_other, "were closed without being cleared: no clearance was taken"),
    ):
        if is_such.any():
            parsed.warnings.append(
                f"{is_such.sum()} reports {words}; row {is_such.idxmax()} is the first"
            )


def write_clearances(session: Session, batch: int, fresh: pd.DataFrame) -> None:
    """Write a clearance for each report just written whose row told of one."""
    closed = fresh[fresh["cleared_at"].notna()]
    if closed.empty:
        return
    query = select(Report.fingerprint, Report.id).where(Report.batch_id == batch)
    parts = narrowed(query, Report.fingerprint, closed["fingerprint"].tolist())
    keys = {mark: key for part in parts for mark, key in session.execute(part)}
    rows = pd.DataFrame(
        {
            "report_id": closed["fingerprint"].map(keys),
            "outcome": Outcome.CLEARED.value,
            "occurred_at": closed["cleared_at"],
            "recorded_at": closed["recorded_at"],
            "fingerprint": closed["fingerprint"],
            "batch_id": batch,
        }
    )
    insert_frame(session, Clearance, rows)
