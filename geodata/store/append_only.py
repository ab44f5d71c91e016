"""History that the database itself refuses to alter.

The audit log can neither be changed nor shortened. Events of incidents and notices cannot be
changed; they go only with the import that brought them, when that is undone. What was published
stays as it went out.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, event

from geodata.models.enforcement import ActionEvent
from geodata.models.incidents import IncidentEvent
from geodata.models.people import AuditEntry
from geodata.models.releases import FigureRelease

FORBIDDEN = {
    AuditEntry.__tablename__: ("UPDATE", "DELETE"),
    IncidentEvent.__tablename__: ("UPDATE",),
    ActionEvent.__tablename__: ("UPDATE",),
}
RELEASES = {FigureRelease.__tablename__: ("UPDATE", "DELETE")}

_REFUSE = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"""


def forbid_changes(
    connection: Connection, forbidden: Mapping[str, tuple[str, ...]] = FORBIDDEN
) -> None:
    """Put the refusing triggers on history tables; called by the migration that makes them."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql(_REFUSE)
    for table, acts in forbidden.items():
        for act in acts:
            name = f"{table}_no_{act.lower()}"
            body = (
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                if is_sqlite
                else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            connection.exec_driver_sql(f'CREATE TRIGGER "{name}" BEFORE {act} ON "{table}" {body}')


def _after_create(_: object, connection: Connection, **__: Any) -> None:
    forbid_changes(connection, FORBIDDEN | RELEASES)


event.listen(AuditEntry.metadata, "after_create", _after_create)
