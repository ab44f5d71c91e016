"""Names that people give to the column that says when: one table for every command."""

from geodata.files.columns import named

_ACTS = ("reported", "created", "opened", "logged", "raised", "received", "submitted", "requested")
_OF = ("", "case", "report", "request", "service request", "enquiry", "job", "worksheet", "ticket")
_FORMS = ("{} at", "{} date", "date {}", "{} on", "date time {}", "{} date time", "{} time")
REPORTED = (
    *("reported at", "date reported", "reported", "report date", "reported date", "reported on"),
    *("date", "created", "created at", "created date", "date created", "created on"),
    *("creation date", "requested datetime", "opened", "opened at", "opened date", "date opened"),
    *("open dt", "log date", "logged date", "date logged", "logged at", "logged", "raised"),
    *("date raised", "received", "date received", "received date", "submitted", "submitted at"),
    *("submission date", "date submitted", "month", "datetime", "date time", "timestamp", "time"),
    *("event date", "date single", "date start", "begin", "when", "date and time"),
    *("date of report", "date time of report", "call date", "date found", "found on", "date seen"),
    *("submission time", "start time", "date taken", "visit date"),
    *(name for act in _ACTS for name in named(_OF, tuple(form.format(act) for form in _FORMS))),
)
"""Of a report, the best first."""
OCCURRED = (
    *("first seen", "seen at", "observed", "observed on", "incident date", "date of incident"),
    *("occurred", "date occurred", "occurred at", "occurred on", "occurred date"),
    *("offence date", "offense date", "date of offence", "offence date time", "incident date time"),
    *("date time of offence", "date time of incident", "date and time of incident"),
)
"""Of what was reported."""
UTC_HEADERS = frozenset({"_submission_time"})
"""Columns of one system alone (KoboToolbox), which writes them by UTC and without a zone."""
EVENT = tuple(name for name in REPORTED if name != "time") + OCCURRED + ("time",)
"""Of a dated point of any kind: a time beside a day is only its clock."""
