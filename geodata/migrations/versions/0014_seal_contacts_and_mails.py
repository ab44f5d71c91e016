"""Seal contacts and mails"""

import hashlib
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from geodata.core.sealed_columns import sealer_of


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

# Table, column, whether it may be empty. Sealed texts are longer than those that they stand for.
SEALED = (
    ('user', 'email', True),
    ('reporter_contact', 'email', False),
    ('outbox_message', 'recipient', False),
    ('outbox_message', 'subject', False),
    ('outbox_message', 'body', False),
    ('outbox_message', 'stop_address', True),
    ('outbox_message', 'last_error', True),
    ('report_draft', 'answers', False),
)


def upgrade() -> None:
    op.add_column('user', sa.Column('email_index', sa.String(length=64), nullable=True))
    _index_mail_addresses()
    for table, column, may_be_empty in SEALED:
        _seal(table, column, may_be_empty)
    op.create_index(op.f('ix_user_email_index'), 'user', ['email_index'], unique=False)
    _hash_tokens()


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")


def _index_mail_addresses() -> None:
    sealer = sealer_of(op.get_bind().dialect)
    user = sa.table('user', sa.column('id'), sa.column('email'), sa.column('email_index'))
    for key, email in op.get_bind().execute(sa.select(user.c.id, user.c.email)).all():
        if email:
            change = sa.update(user).where(user.c.id == key)
            op.get_bind().execute(change.values(email_index=sealer.index(email)))


def _seal(table: str, column: str, may_be_empty: bool) -> None:
    """Another column in a column's place. Not in batch: see 0009."""
    _add(table, 'sealed', may_be_empty)
    _fill(table, column, 'sealed', lambda text: _sealed(text, f'{table}.{column}'))
    op.drop_column(table, column)
    op.alter_column(table, 'sealed', new_column_name=column)


def _hash_tokens() -> None:
    """The column that was unique keeps the hash, for its constraint goes with it."""
    _add('reporter_contact', 'sealed', False)
    place = 'reporter_contact.token'
    _fill('reporter_contact', 'token', 'sealed', lambda text: _sealed(text, place))
    _fill('reporter_contact', 'token', 'token', lambda text: hashlib.sha256(text.encode()).hexdigest())
    op.alter_column('reporter_contact', 'token', new_column_name='token_hash')
    op.alter_column('reporter_contact', 'sealed', new_column_name='token')


def _add(table: str, column: str, may_be_empty: bool) -> None:
    default = None if may_be_empty else ''
    op.add_column(table, sa.Column(column, sa.Text(), nullable=may_be_empty, server_default=default))
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column(table, column, server_default=None)


def _sealed(text: str, place: str) -> str:
    return sealer_of(op.get_bind().dialect).seal(text, place)


def _fill(table: str, source: str, target: str, changed: Callable[[str], str]) -> None:
    rows = sa.table(table, sa.column('id'), sa.column(source), sa.column(target))
    text = sa.cast(rows.c[source], sa.Text)  # of a document its JSON
    texts = sa.select(rows.c.id, text).where(rows.c[source].is_not(None)).order_by(rows.c.id)
    for key, words in op.get_bind().execute(texts).all():
        change = sa.update(rows).where(rows.c.id == key)
        op.get_bind().execute(change.values({target: changed(words)}))
