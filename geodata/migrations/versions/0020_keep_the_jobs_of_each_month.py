"""Keep the jobs of each month, so that pages of clearance need not read them one by one"""

import sqlalchemy as sa
from alembic import op

from geodata.core.types import Document, UTCDateTime


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

SHOWN = ('first_public_at', 'due_at', 'closed_at', 'state', 'reports', 'ward_id', 'contractor', 'geometry',
    'merged_into_id')
STOPPING = "('paused', 'resumed')"
MONTH = {
    'sqlite': 'substr({at}, 1, 7)',
    'postgresql': "to_char({at} AT TIME ZONE 'UTC', 'YYYY-MM')",
}


def upgrade() -> None:
    _make_tables()
    month = MONTH[op.get_bind().dialect.name].format(at='first_public_at')
    op.execute(f'INSERT INTO job_month (month) SELECT DISTINCT {month} FROM incident '
        'WHERE first_public_at IS NOT NULL ORDER BY 1')
    _mark_on_sqlite() if op.get_bind().dialect.name == 'sqlite' else _mark_on_postgres()


def _make_tables() -> None:
    op.create_table('job_month',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('changes', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_month')),
    sa.UniqueConstraint('month', name=op.f('uq_job_month_month'))
    )
    op.create_table('kept_jobs',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('changes', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('jobs', sa.Integer(), nullable=False),
    sa.Column('closed', sa.Integer(), nullable=False),
    sa.Column('reports', sa.Integer(), nullable=False),
    sa.Column('first_due_at', UTCDateTime(), nullable=True),
    sa.Column('last_due_at', UTCDateTime(), nullable=True),
    sa.Column('names', Document(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_jobs')),
    sa.UniqueConstraint('month', name=op.f('uq_kept_jobs_month'))
    )


def _mark_on_sqlite() -> None:
    """A change adds one: all that a trigger does here belongs to the transaction of the change."""
    def marked(row: str) -> str:
        month = MONTH['sqlite'].format(at=f'{row}.first_public_at')
        return (f'INSERT INTO job_month (month) SELECT {month} WHERE {month} IS NOT NULL '
            f'AND NOT EXISTS (SELECT 1 FROM job_month WHERE month = {month});'
            f'UPDATE job_month SET changes = changes + 1 WHERE month = {month};')

    differs = ' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in SHOWN)
    acts = {
        'added': ('INSERT', '', marked('NEW')),
        'removed': ('DELETE', '', marked('OLD')),
        'changed': (f'UPDATE OF {", ".join(SHOWN)}', f'WHEN {differs}', marked('OLD') + marked('NEW')),
    }
    for name, (act, when, steps) in acts.items():
        op.execute(f'CREATE TRIGGER "incident_job_{name}" AFTER {act} ON "incident" {when} BEGIN {steps} END')
    for name, act, row in (('added', 'INSERT', 'NEW'), ('removed', 'DELETE', 'OLD')):
        of_incident = (f"(SELECT {MONTH['sqlite'].format(at='first_public_at')} FROM incident "
            f'WHERE id = {row}.incident_id)')
        op.execute(f'CREATE TRIGGER "incident_event_job_{name}" AFTER {act} ON "incident_event" '
            f'WHEN {row}.kind IN {STOPPING} BEGIN UPDATE job_month SET changes = changes + 1 '
            f'WHERE month = {of_incident}; END')


def _mark_on_postgres() -> None:
    """A change leaves its transaction's number, once: ten thousand versions of a row are slow."""
    month = MONTH['postgresql'].format(at='told_at')
    mark = "pg_current_xact_id()::text::bigint"
    op.execute(sa.text(f"""CREATE FUNCTION "mark_job_month"(told_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
        IF told_at IS NULL THEN RETURN; END IF;
        UPDATE job_month SET changes = {mark} WHERE month = {month} AND changes <> {mark};
        IF NOT FOUND THEN
            INSERT INTO job_month (month, changes) VALUES ({month}, {mark}) ON CONFLICT (month) DO NOTHING;
        END IF; END $$"""))
    same = ' AND '.join(f'OLD.{column} IS NOT DISTINCT FROM NEW.{column}' for column in SHOWN)
    op.execute(sa.text(f"""CREATE FUNCTION "incident_job"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'UPDATE' THEN IF {same} THEN RETURN NULL; END IF; END IF;
        IF TG_OP <> 'INSERT' THEN PERFORM mark_job_month(OLD.first_public_at); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM mark_job_month(NEW.first_public_at); END IF;
        RETURN NULL; END $$"""))
    op.execute(sa.text(f"""CREATE FUNCTION "incident_event_job"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'DELETE' THEN IF NEW.kind IN {STOPPING} THEN
            PERFORM mark_job_month((SELECT first_public_at FROM incident WHERE id = NEW.incident_id)); END IF; END IF;
        IF TG_OP <> 'INSERT' THEN IF OLD.kind IN {STOPPING} THEN
            PERFORM mark_job_month((SELECT first_public_at FROM incident WHERE id = OLD.incident_id)); END IF; END IF;
        RETURN NULL; END $$"""))
    acts = {'incident': {'added': 'INSERT', 'removed': 'DELETE', 'changed': f'UPDATE OF {", ".join(SHOWN)}'},
        'incident_event': {'added': 'INSERT', 'removed': 'DELETE'}}
    for table, by_name in acts.items():
        for name, act in by_name.items():
            op.execute(f'CREATE TRIGGER "{table}_job_{name}" AFTER {act} ON "{table}" '
                f'FOR EACH ROW EXECUTE FUNCTION "{table}_job"()')


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
