"""Which entry stands today for one that a phone has sent: that is the one to be corrected."""

from sqlalchemy.orm import Session

from geodata import clearances


def newest(session: Session, incident_id: int, key: str, *, user_id: int) -> int | None:
    """The entry that stands for what an account sent under a key, itself or its last correction.

    None: it sent none of this incident under this key, or what it sent was taken back.
    """
    sent = clearances.by_idempotency_key(session, key) if key else None
    if sent is None or (sent.incident_id, sent.user_id) != (incident_id, user_id):
        return None
    corrections = {row.replaces_id: row for row in clearances.all_of(session, incident_id)}
    while sent.id in corrections:
        sent = corrections[sent.id]
    return None if sent.voided_at else sent.id
