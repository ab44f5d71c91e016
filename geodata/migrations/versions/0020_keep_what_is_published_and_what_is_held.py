"""Keep what is published and what is held"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0020'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('device_at', 'time_accepted_at'):
        op.add_column('clearance', sa.Column(name, geodata.core.types.UTCDateTime(), nullable=True))
    op.add_column('clearance', sa.Column('time_reason', sa.Text(), nullable=True))
    op.add_column('clearance', sa.Column('time_accepted_by_id', sa.Integer(), nullable=True))
    op.create_index(op.f('ix_clearance_recorded_at'), 'clearance', ['recorded_at'], unique=False)
    op.add_column('patrol_visit', sa.Column('recorded_at', geodata.core.types.UTCDateTime(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
