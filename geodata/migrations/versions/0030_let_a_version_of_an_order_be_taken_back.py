"""Let a version of an order that was entered by mistake be taken back, once"""

import sqlalchemy as sa
from alembic import op

from geodata.core.types import UTCDateTime


revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

TABLE, LATER = 'order_version', 'withdrawn_at'


def upgrade() -> None:
    trigger = f'{TABLE}_no_update'
    is_server = op.get_bind().dialect.name == 'postgresql'
    op.execute(f'DROP TRIGGER "{trigger}"' + (f' ON "{TABLE}"' if is_server else ''))
    if is_server:
        op.execute(f'DROP FUNCTION "{trigger}"()')
    columns = [column['name'] for column in sa.inspect(op.get_bind()).get_columns(TABLE)]
    op.add_column(TABLE, sa.Column(LATER, UTCDateTime(), nullable=True))
    _refuse('update', columns, '1 = 1')
    _refuse('again', [LATER], f'OLD."{LATER}" IS NOT NULL')


def _refuse(name: str, columns: list[str], when: str) -> None:
    connection, trigger = op.get_bind(), f'{TABLE}_no_{name}'
    act = 'UPDATE OF ' + ', '.join(f'"{column}"' for column in columns)
    if connection.dialect.name == 'sqlite':
        connection.exec_driver_sql(f'CREATE TRIGGER "{trigger}" BEFORE {act} ON "{TABLE}" WHEN {when} '
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END")
        return
    connection.execute(sa.text(f"""CREATE FUNCTION "{trigger}"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF {when} THEN RAISE EXCEPTION '{TABLE} is append-only'; END IF; RETURN NEW; END $$"""))
    connection.exec_driver_sql(f'CREATE TRIGGER "{trigger}" BEFORE {act} ON "{TABLE}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{trigger}"()')


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
