"""Load files in pieces that nobody sees before the last"""

import sqlalchemy as sa
from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

LOADING = 'EXISTS (SELECT 1 FROM import_batch WHERE id = {batch} AND is_loading)'
GOING = 'EXISTS (SELECT 1 FROM import_batch WHERE id = {batch} AND (is_loading OR undone_at IS NOT NULL))'

AMOUNTS = ('incidents', 'with_cylinders', 'cylinders', 'reports')
DAY = {
    'sqlite': ("substr({at}, 1, 10)", "substr({at}, 12, 2) = '23'"),
    'postgresql': ("CAST({at} AT TIME ZONE 'UTC' AS date)", "extract(hour FROM {at} AT TIME ZONE 'UTC') = 23"),
}
COUNTED = {  # as in 0016
    'incident': (
        'first_reported_at',
        ('1', 'CASE WHEN {row}.cylinders > 0 THEN 1 ELSE 0 END', 'coalesce({row}.cylinders, 0)', '0'),
        '{row}.merged_into_id IS NULL',
        ('first_reported_at', 'cylinders', 'merged_into_id'),
    ),
    'report': ('reported_at', ('0', '0', '0', '1'), '1 = 1', ('reported_at',)),
}


def upgrade() -> None:
    op.add_column('import_batch', sa.Column('is_loading', sa.Boolean(), nullable=False, server_default=sa.false()))
    # Not in batch, which makes the table anew: and so without a foreign key, on SQLite.
    op.add_column('incident', sa.Column('batch_id', sa.Integer(), nullable=True))
    loading, brought = sa.text('is_loading'), sa.text('batch_id IS NOT NULL')
    op.create_index('ix_import_batch_is_loading', 'import_batch', ['is_loading'],
        sqlite_where=loading, postgresql_where=loading)
    op.create_index('ix_incident_batch_id', 'incident', ['batch_id'], sqlite_where=brought, postgresql_where=brought)
    for table in COUNTED:
        _count_on_sqlite(table) if _is_sqlite() else _count_on_postgres(table)
    _let_clearances_go()


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


def _stretch(table: str, row: str) -> tuple[str, str]:
    day, is_last_hour = DAY[op.get_bind().dialect.name]
    at = f'{row}.{COUNTED[table][0]}'
    return day.format(at=at), is_last_hour.format(at=at)


def _changed(table: str, row: str, sign: str) -> str:
    """Add a row's amounts to its stretch, or take them away."""
    _, amounts, counts, _ = COUNTED[table]
    day, last = _stretch(table, row)
    sums = ', '.join(f'{name} = {name} {sign} {amount.format(row=row)}' for name, amount in zip(AMOUNTS, amounts))
    return f'UPDATE day_count SET {sums} WHERE utc_day = {day} AND is_last_hour = ({last}) AND {counts.format(row=row)};'


def _made(table: str) -> str:
    """The row that amounts are added to, where there is none."""
    day, last = _stretch(table, 'NEW')
    if not _is_sqlite():
        return f'INSERT INTO day_count (utc_day, is_last_hour) VALUES ({day}, {last}) ON CONFLICT DO NOTHING;'
    return f'INSERT INTO day_count (utc_day, is_last_hour) SELECT {day}, {last} WHERE NOT EXISTS ' \
        f'(SELECT 1 FROM day_count WHERE utc_day = {day} AND is_last_hour = ({last}));'


def _count_on_sqlite(table: str) -> None:
    """The triggers of 0016, which leave a batch alone that is still loading."""
    columns = COUNTED[table][3]
    differs = ' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in columns)
    less, more = _changed(table, 'OLD', '-'), _made(table) + _changed(table, 'NEW', '+')
    acts = {
        'added': ('INSERT', 'NEW', '', more),
        'removed': ('DELETE', 'OLD', '', less),
        'changed': (f'UPDATE OF {", ".join(columns)}', 'NEW', f'({differs}) AND', less + more),
    }
    for name, (act, row, when, steps) in acts.items():
        op.execute(f'DROP TRIGGER "{table}_day_{name}"')
        op.execute(f'CREATE TRIGGER "{table}_day_{name}" AFTER {act} ON "{table}" '
            f'WHEN {when} NOT {LOADING.format(batch=f"{row}.batch_id")} BEGIN {steps} END')


def _count_on_postgres(table: str) -> None:
    op.execute(sa.text(f"""CREATE OR REPLACE FUNCTION "{table}_day"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN IF {LOADING.format(batch='OLD.batch_id')} THEN RETURN NULL; END IF;
        ELSIF {LOADING.format(batch='NEW.batch_id')} THEN RETURN NULL; END IF;
        IF TG_OP <> 'INSERT' THEN {_changed(table, 'OLD', '-')} END IF;
        IF TG_OP <> 'DELETE' THEN {_made(table)} {_changed(table, 'NEW', '+')} END IF;
        RETURN NULL; END $$"""))


def _let_clearances_go() -> None:
    """Those of a file that was cut off, as those of one that was undone (0007)."""
    trigger, refused = 'clearance_no_delete', f"NOT {GOING.format(batch='OLD.batch_id')}"
    if _is_sqlite():
        op.execute(f'DROP TRIGGER "{trigger}"')
        op.get_bind().exec_driver_sql(f'CREATE TRIGGER "{trigger}" BEFORE DELETE ON "clearance" WHEN {refused} '
            f"BEGIN SELECT RAISE(ABORT, 'clearance is append-only'); END")
        return
    op.execute(sa.text(f"""CREATE OR REPLACE FUNCTION "{trigger}"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF {refused} THEN RAISE EXCEPTION 'clearance is append-only'; END IF; RETURN OLD; END $$"""))


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
