"""An act as the officer describes it, and the route that they take."""

from dataclasses import dataclass
from datetime import date, datetime

from geodata.core.vocabulary import AgeBand
from geodata.enforcement.evidence import EvidenceDraft
from web.services.common.officer_position import Standpoint


@dataclass(frozen=True)
class ActDraft:
    """One act as the officer describes it. Nobody's name, plate or date of birth.

    Attributes
    ----------
    issued_on
        Local day of the notice.
    recipient_ref
        Reference in the council's penalty system, empty where there is none yet.
    act_ref
        Of what was done about the same act before, empty where nothing was.
    conduct
        What a community protection warning or notice is about, empty for other actions.
    offence
        Code of what a caution or prosecution is for; empty: what the act's facts say.
    """

    where: Standpoint
    offence_at: datetime
    issued_on: date
    age_band: AgeBand
    issuer_id: int
    from_vehicle: bool = False
    over_a_sack: bool = False
    recipient_ref: str = ""
    act_ref: str = ""
    conduct: str = ""
    offence: str = ""


@dataclass(frozen=True)
class Choice:
    """The route that the officer takes.

    ``idempotency_key`` is the form's: the same form sent twice is recorded once.
    ``incident_key`` is that of the incident the act was about, empty where none is tied to it.
    ``other_act_reason`` says why this is not the act that something nearby was done about.
    ``evidence`` is None where it is stated later.
    ``is_unserved`` says that a keeper's notice is written and not given yet.
    """

    kind: str
    idempotency_key: str
    prohibition: str | None = None
    given_on: date | None = None
    landmark: str = ""
    note: str = ""
    incident_key: str = ""
    other_act_reason: str = ""
    evidence: EvidenceDraft | None = None
    is_unserved: bool = False
