"""Keep the conduct that a warning is about, and when and to whom a prohibition applies"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('enforcement_action', sa.Column('conduct', sa.String(length=40), nullable=True))
    op.add_column('prohibition', sa.Column('limits', geodata.core.types.Document(), nullable=True))


def downgrade() -> None:
    op.drop_column('prohibition', 'limits')
    op.drop_column('enforcement_action', 'conduct')
