"""Call other systems, and keep who follows a ward and what officers want to hear of"""

import sqlalchemy as sa
from alembic import op

from geodata.core.types import Document, UTCDateTime


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('remote_system',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('contractor', sa.String(length=80), nullable=True),
    sa.Column('terms', Document(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('switched_off_at', UTCDateTime(), nullable=True),
    sa.Column('asked_at', UTCDateTime(), nullable=True),
    sa.Column('asked_to', UTCDateTime(), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_remote_system_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remote_system'))
    )
    op.create_table('remote_request',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('system_id', sa.Integer(), nullable=False),
    sa.Column('external_ref', sa.String(length=100), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('refused', sa.String(length=300), nullable=True),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('taken_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_remote_request_report_id')),
    sa.ForeignKeyConstraint(['system_id'], ['remote_system.id'], name=op.f('fk_remote_request_system_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remote_request'))
    )
    op.create_index(op.f('ix_remote_request_report_id'), 'remote_request', ['report_id'])
    op.create_index(op.f('ix_remote_request_system_id_external_ref'), 'remote_request', ['system_id', 'external_ref'], unique=True)
    op.create_table('follower',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('email_index', sa.String(length=64), nullable=True),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('ward_id', sa.Integer(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('confirmed_at', UTCDateTime(), nullable=True),
    sa.Column('told', sa.String(length=40), nullable=False),
    sa.Column('ends_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['ward_id'], ['place.id'], name=op.f('fk_follower_ward_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follower')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_follower_token_hash'))
    )
    for column in ('confirmed_at', 'email_index', 'ward_id'):
        op.create_index(op.f(f'ix_follower_{column}'), 'follower', [column])
    op.create_table('alert_rule',
    sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('ward_id', sa.Integer(), nullable=True),
    sa.Column('system_id', sa.Integer(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['system_id'], ['remote_system.id'], name=op.f('fk_alert_rule_system_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_alert_rule_user_id')),
    sa.ForeignKeyConstraint(['ward_id'], ['place.id'], name=op.f('fk_alert_rule_ward_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_rule'))
    )
    op.create_index(op.f('ix_alert_rule_user_id'), 'alert_rule', ['user_id'])
    # Not in batch, which makes the table anew: and so without a foreign key, on SQLite.
    op.add_column('outbox_message', sa.Column('system_id', sa.Integer(), nullable=True))
    op.create_index(op.f('ix_outbox_message_system_id'), 'outbox_message', ['system_id'])
    op.add_column('import_batch', sa.Column('feed', sa.String(length=40), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
