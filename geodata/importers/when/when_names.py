"""Names that people give to the column that says when: one table for every command."""

REPORTED = (
    *("reported at", "date reported", "reported", "report date", "reported date", "reported on"),
    *("date", "created", "created at", "created date", "date created", "created on"),
    *("creation date", "requested datetime", "opened", "opened at", "opened date", "date opened"),
    *("open dt", "log date", "logged date", "date logged", "logged at", "logged", "raised"),
    *("date raised", "received", "date received", "received date", "submitted", "submitted at"),
    *("submission date", "date submitted", "month", "datetime", "date time", "timestamp", "time"),
    *("event date", "date single", "date start", "begin", "when"),
)
"""Of a report, the best first."""
OCCURRED = (
    *("first seen", "seen at", "observed", "observed on", "incident date", "date of incident"),
    *("occurred", "date occurred", "occurred at", "occurred on", "occurred date"),
    *("offence date", "offense date", "date of offence"),
)
"""Of what was reported."""
EVENT = tuple(name for name in REPORTED if name != "time") + OCCURRED + ("time",)
"""Of a dated point of any kind: a time beside a day is only its clock."""
