"""Keep what is published and what is held"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('device_at', 'time_accepted_at'):
        op.add_column('clearance', sa.Column(name, geodata.core.types.UTCDateTime(), nullable=True))
    op.add_column('clearance', sa.Column('time_reason', sa.Text(), nullable=True))
    op.add_column('clearance', sa.Column('time_accepted_by_id', sa.Integer(), nullable=True))
    op.create_index(op.f('ix_clearance_recorded_at'), 'clearance', ['recorded_at'], unique=False)
    op.create_table('figure_release',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('released_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('cells', geodata.core.types.Document(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_release')),
    sa.UniqueConstraint('kind', 'period', name=op.f('uq_figure_release_kind_period'))
    )
    op.create_table('legal_hold',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=254), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('placed_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('placed_by_id', sa.Integer(), nullable=True),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('released_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('release_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['placed_by_id'], ['user.id'], name=op.f('fk_legal_hold_placed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold'))
    )
    op.create_index(op.f('ix_legal_hold_subject'), 'legal_hold', ['subject'], unique=False)
    op.add_column('patrol_visit', sa.Column('recorded_at', geodata.core.types.UTCDateTime(), nullable=True))
    _let_an_officer_accept_a_time()
    for act in ('UPDATE', 'DELETE'):
        _refuse('figure_release', act)
    if op.get_bind().dialect.name == 'sqlite':  # INSERT OR REPLACE asks no trigger of deletion
        op.get_bind().exec_driver_sql('CREATE TRIGGER "figure_release_no_replace" BEFORE INSERT ON "figure_release" '
            'WHEN EXISTS (SELECT 1 FROM "figure_release" WHERE id = NEW.id) '
            "BEGIN SELECT RAISE(ABORT, 'figure_release is append-only'); END")


KEPT = ('id', 'idempotency_key', 'report_id', 'outcome', 'recorded_at', 'device_at', 'geometry', 'charger_band',
    'chargers', 'cylinders', 'sacks', 'weight_kg', 'disposal', 'contractor', 'user_id', 'replaces_id', 'batch_id',
    'external_ref', 'fingerprint')
UNACCEPTED = 'OLD.device_at IS NULL OR OLD.time_accepted_at IS NOT NULL OR NEW.occurred_at <> OLD.device_at'


def _let_an_officer_accept_a_time() -> None:
    """When an entry counts from moves once, to what its device said, by an officer's word."""
    connection = op.get_bind()
    columns = ', '.join(f'"{column}"' for column in KEPT)
    if connection.dialect.name == 'sqlite':
        connection.exec_driver_sql('DROP TRIGGER "clearance_no_update"')
        refuse = "BEGIN SELECT RAISE(ABORT, 'clearance is append-only'); END"
        connection.exec_driver_sql(f'CREATE TRIGGER "clearance_no_update" BEFORE UPDATE OF {columns} '
            f'ON "clearance" WHEN 1 = 1 {refuse}')
        connection.exec_driver_sql('CREATE TRIGGER "clearance_no_other_time" BEFORE UPDATE OF occurred_at '
            f'ON "clearance" WHEN {UNACCEPTED} {refuse}')
        return
    connection.exec_driver_sql('DROP TRIGGER "clearance_no_update" ON "clearance"')
    connection.exec_driver_sql(f'CREATE TRIGGER "clearance_no_update" BEFORE UPDATE OF {columns} '
        'ON "clearance" FOR EACH ROW EXECUTE FUNCTION "clearance_no_update"()')
    connection.exec_driver_sql(f"""CREATE FUNCTION "clearance_no_other_time"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF {UNACCEPTED} THEN RAISE EXCEPTION 'clearance is append-only'; END IF; RETURN NEW; END $$""")
    connection.exec_driver_sql('CREATE TRIGGER "clearance_no_other_time" BEFORE UPDATE OF occurred_at '
        'ON "clearance" FOR EACH ROW EXECUTE FUNCTION "clearance_no_other_time"()')


def _refuse(table: str, act: str) -> None:
    connection, trigger = op.get_bind(), f'{table}_no_{act.lower()}'
    if connection.dialect.name == 'sqlite':
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    else:
        body = 'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
    connection.exec_driver_sql(f'CREATE TRIGGER "{trigger}" BEFORE {act} ON "{table}" {body}')


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
