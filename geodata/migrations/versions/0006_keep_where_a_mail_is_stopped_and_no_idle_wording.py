"""Keep where a mail is stopped, and no idle wording"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('outbox_message', sa.Column('stop_address', sa.String(length=300), nullable=True))
    # Not in batch: that would make the table anew, and list it a second time among the GeoPackage's.
    op.drop_column('campaign', 'wording')


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
