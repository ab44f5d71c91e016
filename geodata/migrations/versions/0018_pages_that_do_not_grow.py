"""Let pages cost the same however long the record is"""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0013'
branch_labels = None
depends_on = None

MERGED = 'ix_incident_merged_into_id'
LATEST = ('state', 'ward_id')


def upgrade() -> None:
    _find_the_latest_first()


def _find_the_latest_first() -> None:
    """An index of all that was never merged is no index: SQLite read and sorted the whole record."""
    merged = sa.text('merged_into_id IS NOT NULL')
    op.drop_index(MERGED, table_name='incident')
    op.create_index(MERGED, 'incident', ['merged_into_id'], sqlite_where=merged, postgresql_where=merged)
    op.drop_index('ix_incident_ward_id', table_name='incident')
    for column in LATEST:
        op.create_index(f'ix_incident_{column}_last_reported_at', 'incident', [column, 'last_reported_at'])


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
