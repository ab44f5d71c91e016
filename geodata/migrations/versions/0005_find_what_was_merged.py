"""Find what was merged"""

from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without it, to delete an incident is to look through all of them for one that was merged into it.
    op.create_index(op.f('ix_incident_merged_into_id'), 'incident', ['merged_into_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
