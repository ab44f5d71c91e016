"""Keep indicators and populations"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('indicator',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('polarity', sa.String(length=40), nullable=False),
    sa.Column('disclosure', sa.String(length=40), nullable=False),
    sa.Column('paragraph', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('definition', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator')),
    sa.UniqueConstraint('key', name=op.f('uq_indicator_key'))
    )
    op.create_table('observation',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('area_kind', sa.String(length=40), nullable=False),
    sa.Column('area', sa.String(length=200), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('value', sa.Double(), nullable=True),
    sa.Column('below', sa.Integer(), nullable=True),
    sa.Column('is_provisional', sa.Boolean(), nullable=False),
    sa.Column('is_break', sa.Boolean(), nullable=False),
    sa.Column('break_reason', sa.String(length=200), nullable=True),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_observation_batch_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_observation_indicator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation'))
    )
    with op.batch_alter_table('observation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_observation_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_observation_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_observation_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_observation_indicator_id_first_day'), ['indicator_id', 'first_day'], unique=False)

    op.create_table('population',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('area_kind', sa.String(length=40), nullable=False),
    sa.Column('area', sa.String(length=200), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=True),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_population_batch_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_population'))
    )
    with op.batch_alter_table('population', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_population_area_kind_area_year'), ['area_kind', 'area', 'year'], unique=False)
        batch_op.create_index(batch_op.f('ix_population_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_population_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_population_fingerprint'), ['fingerprint'], unique=False)



def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")

