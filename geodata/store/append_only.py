"""History that the database itself refuses to alter, whoever asks: this program, or a GIS.

Nothing of an event or a version changes; a penalty, a rule, a wording and a clearance get their
last word once. Rows go only with the import that brought them, when that is undone. The triggers
are made by the migrations; here stands what they must be.
"""

from sqlalchemy import Connection, text

WHOLE = (
    "action_event",
    "action_evidence",
    "incident_event",
    "prohibition",
    "poster_event",
    "audit_entry",
    "figure_release",
    "committee_release",
    "work_item_event",
    "good_news_event",
)
"""No column of these ever changes."""
ONCE = ("rule_row", "campaign_wording", "clearance", "enforcement_action", "order_version")
"""These get a second word once: withdrawn, checked, voided, given.

A clearance follows its report.
"""
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def unguarded(connection: Connection) -> list[str]:
    """Tables of history that have lost a guard, each once."""
    store = connection.dialect.name
    there = set(connection.scalars(text(_TRIGGERS[store])))
    acts = ("update", "delete", "replace") if store == "sqlite" else ("update", "delete")
    needed = [(table, act) for table in (*WHOLE, *ONCE) for act in acts]
    needed += [(table, "again") for table in ONCE]
    return sorted({table for table, act in needed if f"{table}_no_{act}" not in there})
