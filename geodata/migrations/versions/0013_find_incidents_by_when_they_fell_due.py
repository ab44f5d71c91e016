"""Find incidents by when they fell due, were told of by the public, or were last reported"""

from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

COLUMNS = ('due_at', 'first_public_at', 'last_reported_at')


def upgrade() -> None:
    for column in COLUMNS:
        op.create_index(op.f(f'ix_incident_{column}'), 'incident', [column], unique=False)


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_index(op.f(f'ix_incident_{column}'), table_name='incident')
