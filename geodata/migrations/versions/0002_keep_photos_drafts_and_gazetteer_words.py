"""Keep photos, drafts and the words of the gazetteer"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('photo_content',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('jpeg', sa.LargeBinary(), nullable=False),
    sa.Column('thumbnail', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_content')),
    sa.UniqueConstraint('sha256', name=op.f('uq_photo_content_sha256'))
    )
    op.create_table('report_draft',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('answers', geodata.core.types.Document(), nullable=False),
    sa.Column('created_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('changed_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_draft')),
    sa.UniqueConstraint('key', name=op.f('uq_report_draft_key'))
    )
    with op.batch_alter_table('report_draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_draft_changed_at'), ['changed_at'], unique=False)

    op.create_table('draft_photo',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('width_px', sa.Integer(), nullable=False),
    sa.Column('height_px', sa.Integer(), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['draft_id'], ['report_draft.id'], name=op.f('fk_draft_photo_draft_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_photo'))
    )
    with op.batch_alter_table('draft_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_photo_draft_id'), ['draft_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_draft_photo_sha256'), ['sha256'], unique=False)

    op.create_table('gazetteer_word',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('word', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['gazetteer_entry.id'], name=op.f('fk_gazetteer_word_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gazetteer_word'))
    )
    with op.batch_alter_table('gazetteer_word', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gazetteer_word_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_gazetteer_word_word_entry_id'), ['word', 'entry_id'], unique=False)

    # Not in batch: that would make the table anew.
    op.add_column('photo', sa.Column('moderated_at', geodata.core.types.UTCDateTime(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
