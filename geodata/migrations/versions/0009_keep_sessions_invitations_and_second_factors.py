"""Keep sessions, invitations and second factors"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('user_session',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=40), nullable=False),
    sa.Column('method', sa.String(length=40), nullable=False),
    sa.Column('device', sa.String(length=80), nullable=False),
    sa.Column('begun_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('last_used_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_user_session_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_user_session_token_hash'))
    )
    op.create_index(op.f('ix_user_session_user_id'), 'user_session', ['user_id'], unique=False)
    op.create_index(op.f('ix_user_session_last_used_at'), 'user_session', ['last_used_at'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('ends_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_invitation_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    op.create_index(op.f('ix_invitation_user_id'), 'invitation', ['user_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_recovery_code_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    op.create_index(op.f('ix_recovery_code_user_id'), 'recovery_code', ['user_id'], unique=False)

    op.create_table('sign_in_try',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_try')),
    sa.UniqueConstraint('key', name=op.f('uq_sign_in_try_key'))
    )
    op.create_index(op.f('ix_sign_in_try_last_at'), 'sign_in_try', ['last_at'], unique=False)

    # Not in batch: that would make the table anew, and list it a second time among the GeoPackage's.
    op.add_column('user', sa.Column('last_sign_in_at', geodata.core.types.UTCDateTime(), nullable=True))
    op.add_column('user', sa.Column('second_factor_salt', sa.String(length=64), nullable=True))
    op.add_column('user', sa.Column('second_factor_step', sa.Integer(), nullable=True))
    op.add_column('user', sa.Column('sso_issuer', sa.String(length=300), nullable=True))
    op.add_column('user', sa.Column('sso_subject', sa.String(length=255), nullable=True))
    op.create_index(op.f('ix_user_sso_issuer_sso_subject'), 'user', ['sso_issuer', 'sso_subject'], unique=True)
    op.drop_column('user', 'failed_logins')  # failures count by name and address now
    op.drop_column('user', 'last_failed_at')


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
