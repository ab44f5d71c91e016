"""Change the secrets of systems, and leave alone for a while those that do not answer"""

import sqlalchemy as sa
from alembic import op

from geodata.core.types import UTCDateTime


revision = '0025'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('remote_system', sa.Column('old_secret', sa.Text(), nullable=True))
    op.add_column('remote_system', sa.Column('old_secret_ends_at', UTCDateTime(), nullable=True))
    for column in ('tried_at', 'failing_since', 'next_try_at'):
        op.add_column('remote_system', sa.Column(column, UTCDateTime(), nullable=True))
    op.add_column('remote_system', sa.Column('failures', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('remote_system', sa.Column('push_problem', sa.Text(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
