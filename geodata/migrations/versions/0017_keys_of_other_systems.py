"""Let other systems prove themselves by keys, and tell an update once"""

import sqlalchemy as sa
from alembic import op
from geodata.core.types import Document, UTCDateTime


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('api_key',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('scopes', Document(), nullable=False),
    sa.Column('contractor', sa.String(length=80), nullable=True),
    sa.Column('per_minute', sa.Integer(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('ends_at', UTCDateTime(), nullable=False),
    sa.Column('last_used_at', UTCDateTime(), nullable=True),
    sa.Column('revoked_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_api_key_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_key')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_key_token_hash'))
    )
    op.create_table('machine_update',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('key_id', sa.Integer(), nullable=False),
    sa.Column('external_ref', sa.String(length=100), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('recorded_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['key_id'], ['api_key.id'], name=op.f('fk_machine_update_key_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_machine_update_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_machine_update'))
    )
    op.create_index(op.f('ix_machine_update_key_id_external_ref'), 'machine_update', ['key_id', 'external_ref'], unique=True)
    op.create_index(op.f('ix_machine_update_report_id'), 'machine_update', ['report_id'])
    op.create_index(op.f('ix_incident_event_recorded_at'), 'incident_event', ['recorded_at'])


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
