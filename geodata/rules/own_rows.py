"""The council's own rows of a dated rule table."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import RuleRow


def standing(session: Session, table: str) -> Sequence[RuleRow]:
    """Rows that are neither withdrawn nor replaced by one that stands, in order of entry."""
    later = select(RuleRow.replaces_id).where(
        RuleRow.replaces_id.is_not(None), RuleRow.withdrawn_at.is_(None)
    )
    query = select(RuleRow).where(
        RuleRow.table_name == table, RuleRow.withdrawn_at.is_(None), RuleRow.id.not_in(later)
    )
    return session.scalars(query.order_by(RuleRow.id)).all()
