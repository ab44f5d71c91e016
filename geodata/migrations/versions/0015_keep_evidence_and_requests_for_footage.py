"""Keep what an action rests on, and requests for footage"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

EVIDENCE = 'action_evidence'


def upgrade() -> None:
    op.create_table('action_evidence',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('grounds', sa.Text(), nullable=False),
    sa.Column('pick_up', sa.String(length=40), nullable=False),
    sa.Column('pick_up_reason', sa.String(length=200), nullable=True),
    sa.Column('recording', sa.String(length=40), nullable=False),
    sa.Column('recording_ref', sa.String(length=80), nullable=True),
    sa.Column('weed_on', sa.Date(), nullable=True),
    sa.Column('weeded_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('recorded_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['enforcement_action.id'], name=op.f('fk_action_evidence_action_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_action_evidence_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_evidence'))
    )
    with op.batch_alter_table('action_evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_evidence_action_id'), ['action_id'], unique=False)

    op.create_table('cctv_request',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('camera_ref', sa.String(length=40), nullable=False),
    sa.Column('begins_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('ends_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('purpose', sa.String(length=500), nullable=False),
    sa.Column('requested_on', sa.Date(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('export_ref', sa.String(length=80), nullable=True),
    sa.Column('delete_by', sa.Date(), nullable=True),
    sa.Column('deleted_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['enforcement_action.id'], name=op.f('fk_cctv_request_action_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_cctv_request_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cctv_request'))
    )
    with op.batch_alter_table('cctv_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cctv_request_action_id'), ['action_id'], unique=False)

    _refuse('update', 'UPDATE', '1 = 1')
    _refuse('delete', 'DELETE', '1 = 1')
    if op.get_bind().dialect.name == 'sqlite':
        # INSERT OR REPLACE takes a row away without a word to the trigger of deletion.
        _refuse('replace', 'INSERT', f'EXISTS (SELECT 1 FROM "{EVIDENCE}" WHERE "id" = NEW."id")')


def _refuse(name: str, act: str, when: str) -> None:
    connection, trigger = op.get_bind(), f'{EVIDENCE}_no_{name}'
    if connection.dialect.name == 'sqlite':
        connection.exec_driver_sql(f'CREATE TRIGGER "{trigger}" BEFORE {act} ON "{EVIDENCE}" WHEN {when} '
            f"BEGIN SELECT RAISE(ABORT, '{EVIDENCE} is append-only'); END")
        return
    connection.execute(sa.text(f"""CREATE FUNCTION "{trigger}"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{EVIDENCE} is append-only'; END $$"""))
    connection.exec_driver_sql(f'CREATE TRIGGER "{trigger}" BEFORE {act} ON "{EVIDENCE}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{trigger}"()')


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
