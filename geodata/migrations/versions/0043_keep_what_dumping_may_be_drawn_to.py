"""Keep what dumping may be drawn to"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0043'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('covariate_feature',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=200), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_covariate_feature_batch_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_covariate_feature'))
    )
    with op.batch_alter_table('covariate_feature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_covariate_feature_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_covariate_feature_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_covariate_feature_fingerprint'), ['fingerprint'], unique=False)


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
