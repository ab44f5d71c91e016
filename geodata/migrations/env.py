"""Alembic's entry: runs on the connection that ``geodata.migrations`` hands it."""

from alembic import context

from geodata.migrations import COMPARED
from geodata.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    **COMPARED,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
