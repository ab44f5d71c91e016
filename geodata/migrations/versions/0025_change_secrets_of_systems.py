"""Change the secrets of systems, the old one signing for a while"""

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


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
