"""What the council asks for each kind of notice today, by its own decision."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geodata.rules.council import rulebook

KINDS = ("litter_fpn", "fly_tipping_fpn", "pspo_fpn", "cpn_fpn")


@dataclass(frozen=True)
class PenaltyAsked:
    """An amount in pence, the one for who pays early (None: there is none), and the decision.

    ``is_read`` says whether somebody has checked the amount against the decision.
    """

    kind: str
    pence: int
    early_pence: int | None
    early_days: int | None
    decision: str
    is_read: bool


def penalties_asked(session: Session, day: date) -> list[PenaltyAsked]:
    """The council's own amounts on a day; a kind without one is left out."""
    table = rulebook(session)["council_amount"]
    rows = [(kind, table.on(day, kind)) for kind in KINDS]
    return [
        PenaltyAsked(
            kind,
            row["amount_pence"],
            row["discount_pence"],
            row["discount_days"],
            row["decision"],
            row.is_verified,
        )
        for kind, row in rows
        if row is not None
    ]
