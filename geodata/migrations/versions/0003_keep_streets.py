"""Keep streets"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('street',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=True),
    sa.Column('road_class', sa.String(length=40), nullable=True),
    sa.Column('is_one_way', sa.Boolean(), nullable=True),
    sa.Column('geometry', geodata.core.types.Geometry('LINESTRING'), nullable=False),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_street_batch_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_street'))
    )
    with op.batch_alter_table('street', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_street_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_street_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_street_fingerprint'), ['fingerprint'], unique=False)


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
