"""Keep versions of poster wording, and when a poster's event was told"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

CALL = "Scan to report canisters at this place"


def upgrade() -> None:
    op.create_table('campaign_wording',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('heading', sa.String(length=200), nullable=False),
    sa.Column('law', sa.Text(), nullable=False),
    sa.Column('call', sa.String(length=200), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('is_dropped', sa.Boolean(), nullable=False),
    sa.Column('needs_check', sa.Boolean(), nullable=False),
    sa.Column('checked_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('checked_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_wording_campaign_id')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['user.id'], name=op.f('fk_campaign_wording_checked_by_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_campaign_wording_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_wording'))
    )
    op.create_index(op.f('ix_campaign_wording_campaign_id'), 'campaign_wording', ['campaign_id'], unique=False)

    # Not in batch: that would make the tables anew, and poster_event's without its layer's triggers.
    op.add_column('campaign', sa.Column('siting', geodata.core.types.Document(), nullable=True))
    op.add_column('poster_event', sa.Column('recorded_at', geodata.core.types.UTCDateTime(), nullable=True))
    _carry_over()


def _carry_over() -> None:
    """What campaigns say is their one version, for all their days; the figures of their choice move."""
    campaign = sa.table('campaign', sa.column('id'),
        sa.column('wording', geodata.core.types.Document()), sa.column('siting', geodata.core.types.Document()))
    wording = sa.table('campaign_wording', *(sa.column(name) for name in (
        'campaign_id', 'language', 'heading', 'law', 'call', 'extra', 'source', 'is_dropped', 'needs_check')),
        sa.column('valid_from', sa.Date()), sa.column('valid_to', sa.Date()))
    connection = op.get_bind()
    for row in connection.execute(sa.select(campaign)).all():
        kept = row.wording or {}
        if kept.get('siting'):
            connection.execute(campaign.update().where(campaign.c.id == row.id).values(siting=kept['siting']))
        if {'heading', 'law', 'source'} <= set(kept):
            connection.execute(wording.insert().values(
                campaign_id=row.id, language=kept.get('language', 'en'), valid_from=None, valid_to=None,
                heading=kept['heading'], law=kept['law'], call=CALL, extra='', source=kept['source'],
                is_dropped=False, needs_check=False))
    event = sa.table('poster_event', sa.column('kind'))  # older demos wrote a word of their own
    connection.execute(event.update().where(event.c.kind == 'up').values(kind='installed'))


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
