"""Refuse changes of penalties, events and versions, whoever makes them"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

UNDONE = "EXISTS (SELECT 1 FROM import_batch WHERE id = {batch} AND undone_at IS NOT NULL)"
OF_PARENT = 'EXISTS (SELECT 1 FROM "{parent}" p JOIN import_batch b ON b.id = p.batch_id ' \
    'WHERE p.id = OLD."{key}" AND b.undone_at IS NOT NULL)'
ALWAYS = '1 = 1'
NOT_UNDONE = f"NOT {UNDONE.format(batch='OLD.batch_id')}"
OF_ACTION = f"NOT {OF_PARENT.format(parent='enforcement_action', key='action_id')}"
OF_VERSION = f"NOT {OF_PARENT.format(parent='order_version', key='version_id')}"
# Linking may find that a dump was another one's: what says no more than that it opened goes then.
TELLS = """OLD.kind <> 'opened' OR EXISTS (SELECT 1 FROM report WHERE incident_id = OLD.incident_id)
    OR EXISTS (SELECT 1 FROM incident_event WHERE incident_id = OLD.incident_id AND kind <> 'opened')"""

WHOLE = (  # no column of these ever changes; when their rows may not go
    ('enforcement_action', NOT_UNDONE),
    ('action_event', OF_ACTION),
    ('incident_event', TELLS),
    ('order_version', NOT_UNDONE),
    ('prohibition', OF_VERSION),
    ('poster_event', ALWAYS),
)
ONCE = (  # these get a second word once, in the columns of the last tuple
    ('rule_row', ALWAYS, ('id', 'table_name', 'valid_from', 'valid_to', 'values', 'source', 'is_verified',
        'replaces_id', 'created_at', 'user_id'), ('withdrawn_at',)),
    ('campaign_wording', ALWAYS, ('id', 'campaign_id', 'language', 'valid_from', 'valid_to', 'heading', 'law', 'call',
        'extra', 'source', 'is_dropped', 'needs_check', 'made_at', 'user_id'), ('checked_at', 'checked_by_id')),
    ('clearance', NOT_UNDONE, ('id', 'idempotency_key', 'report_id', 'outcome', 'occurred_at', 'recorded_at',
        'geometry', 'charger_band', 'chargers', 'cylinders', 'sacks', 'weight_kg', 'disposal', 'contractor',
        'user_id', 'replaces_id', 'batch_id', 'external_ref', 'fingerprint'), ('voided_at',)),
)
UNIQUE = {
    'enforcement_action': ('reference', 'idempotency_key'),
    'clearance': ('idempotency_key',),
}


def upgrade() -> None:
    for table in ('incident_event', 'action_event'):
        _drop(table, 'update')
    for table, kept in WHOLE:
        _refuse(table, 'update', 'UPDATE', ALWAYS)
        _refuse(table, 'delete', 'DELETE', kept)
    for table, kept, columns, later in ONCE:
        named = ', '.join(f'"{column}"' for column in columns)
        again = ' OR '.join(f'OLD."{column}" IS NOT NULL' for column in later)
        _refuse(table, 'update', f'UPDATE OF {named}', ALWAYS)
        _refuse(table, 'again', 'UPDATE OF ' + ', '.join(f'"{column}"' for column in later), again)
        _refuse(table, 'delete', 'DELETE', kept)
    if op.get_bind().dialect.name == 'sqlite':
        for table in ('audit_entry', *(row[0] for row in (*WHOLE, *ONCE))):
            _refuse_replacement(table)


def _refuse_replacement(table: str) -> None:
    """INSERT OR REPLACE takes a row away without a word to the triggers of deletion."""
    same = ' OR '.join(f'"{column}" = NEW."{column}"' for column in ('id', *UNIQUE.get(table, ())))
    _refuse(table, 'replace', 'INSERT', f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})')


def _drop(table: str, name: str) -> None:
    of = f' ON "{table}"' if op.get_bind().dialect.name == 'postgresql' else ''
    op.execute(f'DROP TRIGGER "{table}_no_{name}"{of}')


def _refuse(table: str, name: str, act: str, when: str) -> None:
    connection, trigger = op.get_bind(), f'{table}_no_{name}'
    if connection.dialect.name == 'sqlite':
        connection.exec_driver_sql(f'CREATE TRIGGER "{trigger}" BEFORE {act} ON "{table}" WHEN {when} '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        return
    changed = 'OLD' if act == 'DELETE' else 'NEW'
    connection.execute(sa.text(f"""CREATE FUNCTION "{trigger}"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF {when} THEN RAISE EXCEPTION '{table} is append-only'; END IF; RETURN {changed}; END $$"""))
    connection.exec_driver_sql(f'CREATE TRIGGER "{trigger}" BEFORE {act} ON "{table}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{trigger}"()')


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
