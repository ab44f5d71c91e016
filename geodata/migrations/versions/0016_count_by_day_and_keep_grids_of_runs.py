"""Let pages cost the same however long the record is"""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

MERGED = 'ix_incident_merged_into_id'
LATEST = ('state', 'ward_id')


AMOUNTS = ('incidents', 'with_cylinders', 'cylinders', 'reports')
DAY = {
    'sqlite': ("substr({at}, 1, 10)", "substr({at}, 12, 2) = '23'"),
    'postgresql': ("CAST({at} AT TIME ZONE 'UTC' AS date)", "extract(hour FROM {at} AT TIME ZONE 'UTC') = 23"),
}
COUNTED = {  # table -> what a row is counted by, its amounts, whether it counts, and what changes that
    'incident': (
        'first_reported_at',
        ('1', 'CASE WHEN {row}.cylinders > 0 THEN 1 ELSE 0 END', 'coalesce({row}.cylinders, 0)', '0'),
        '{row}.merged_into_id IS NULL',
        ('first_reported_at', 'cylinders', 'merged_into_id'),
    ),
    'report': ('reported_at', ('0', '0', '0', '1'), '1 = 1', ('reported_at',)),
}


def upgrade() -> None:
    _find_the_latest_first()
    _count_days()
    _keep_grids()


def _keep_grids() -> None:
    op.create_table('run_grid',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['detection_run.id'], name=op.f('fk_run_grid_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_run_grid'))
    )
    op.create_index(op.f('ix_run_grid_run_id_name'), 'run_grid', ['run_id', 'name'], unique=True)


def _count_days() -> None:
    op.create_table('day_count',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('utc_day', sa.Date(), nullable=False),
    sa.Column('is_last_hour', sa.Boolean(), nullable=False),
    *(sa.Column(name, sa.Integer(), nullable=False, server_default='0') for name in AMOUNTS),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_day_count'))
    )
    op.create_index(op.f('ix_day_count_utc_day_is_last_hour'), 'day_count', ['utc_day', 'is_last_hour'], unique=True)
    for table in COUNTED:
        _fill(table)
        _keep_on_sqlite(table) if _is_sqlite() else _keep_on_postgres(table)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


def _stretch(table: str, row: str) -> tuple[str, str]:
    day, is_last_hour = DAY[op.get_bind().dialect.name]
    at = f'{row}.{COUNTED[table][0]}'
    return day.format(at=at), is_last_hour.format(at=at)


def _fill(table: str) -> None:
    """A store that is migrated has a record already."""
    _, amounts, counts, _ = COUNTED[table]
    day, last = _stretch(table, 'r')
    sums = ', '.join(f'sum({amount.format(row="r")})' for amount in amounts)
    add = ', '.join(f'{name} = day_count.{name} + excluded.{name}' for name in AMOUNTS)
    op.execute(f'INSERT INTO day_count (utc_day, is_last_hour, {", ".join(AMOUNTS)}) '
        f'SELECT {day}, {last}, {sums} FROM {table} r WHERE {counts.format(row="r")} GROUP BY 1, 2 '
        f'ON CONFLICT (utc_day, is_last_hour) DO UPDATE SET {add}')


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
    # What a trigger does on a conflict is what the statement outside says: so there must be none.
    return f'INSERT INTO day_count (utc_day, is_last_hour) SELECT {day}, {last} WHERE NOT EXISTS ' \
        f'(SELECT 1 FROM day_count WHERE utc_day = {day} AND is_last_hour = ({last}));'


def _keep_on_sqlite(table: str) -> None:
    columns = COUNTED[table][3]
    differs = ' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in columns)
    less, more = _changed(table, 'OLD', '-'), _made(table) + _changed(table, 'NEW', '+')
    acts = {
        'added': ('INSERT', '', more),
        'removed': ('DELETE', '', less),
        'changed': (f'UPDATE OF {", ".join(columns)}', f'WHEN {differs}', less + more),
    }
    for name, (act, when, steps) in acts.items():
        op.execute(f'CREATE TRIGGER "{table}_day_{name}" AFTER {act} ON "{table}" {when} BEGIN {steps} END')


def _keep_on_postgres(table: str) -> None:
    columns = ', '.join(COUNTED[table][3])
    op.execute(sa.text(f"""CREATE FUNCTION "{table}_day"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN {_changed(table, 'OLD', '-')} END IF;
        IF TG_OP <> 'DELETE' THEN {_made(table)} {_changed(table, 'NEW', '+')} END IF;
        RETURN NULL; END $$"""))
    acts = {'added': 'INSERT', 'removed': 'DELETE', 'changed': f'UPDATE OF {columns}'}
    for name, act in acts.items():
        op.execute(f'CREATE TRIGGER "{table}_day_{name}" AFTER {act} ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{table}_day"()')


def _find_the_latest_first() -> None:
    """An index of all that was never merged is no index: SQLite read and sorted the whole record."""
    merged = sa.text('merged_into_id IS NOT NULL')
    op.drop_index(MERGED, table_name='incident')
    op.create_index(MERGED, 'incident', ['merged_into_id'], sqlite_where=merged, postgresql_where=merged)
    replaced = sa.text('replaces_id IS NOT NULL')
    op.create_index('ix_clearance_replaces_id', 'clearance', ['replaces_id'],
        sqlite_where=replaced, postgresql_where=replaced)
    op.drop_index('ix_incident_ward_id', table_name='incident')
    for column in LATEST:
        op.create_index(f'ix_incident_{column}_last_reported_at', 'incident', [column, 'last_reported_at'])


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
