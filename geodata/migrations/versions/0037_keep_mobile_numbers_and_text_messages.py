"""Keep mobile numbers and text messages"""

import sqlalchemy as sa
from alembic import op


revision = '0037'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('outbox_message', sa.Column('is_text', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('reporter_contact', sa.Column('phone', sa.Text(), server_default='', nullable=False))


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
