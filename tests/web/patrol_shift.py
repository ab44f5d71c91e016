"""One evening's shift, as the tests of patrols ask for it."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TONIGHT = {
    "starts_at": datetime(2026, 11, 23, 20, tzinfo=UTC),
    "ends_at": datetime(2026, 11, 24, 0, tzinfo=UTC),
}
FORM = {
    "day": ["23", "11", "2026"],
    "start": "20:00",
    "end": "00:00",
    "teams": "2",
    "mode": "vehicle",
    "dwell_min": "15",
    "max_stops": "3",
}
TOLD = {"arrived": "11:30", "left": "11.50am", "seen": "yes", "key": "k" * 20}
