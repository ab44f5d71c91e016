"""What officers read for the words that the store keeps."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from geodata.core.vocabulary import (
    ACTION_WORDS,
    CONDUCT_WORDS,
    AgeBand,
    CctvOutcome,
    IssuerKind,
    NoticeState,
    OrderChange,
    PickUp,
    Power,
    Recording,
)
from geodata.rules.enforcement.penalties import pounds
from geodata.rules.enforcement.prohibitions import limits_of

KINDS = ACTION_WORDS
STATES = {
    NoticeState.DRAFT: "Written, not given yet",
    NoticeState.ISSUED: "Issued",
    NoticeState.REPRESENTATION: "Representation received",
    NoticeState.PAID_DISCOUNT: "Paid early",
    NoticeState.PAID_FULL: "Paid in full",
    NoticeState.UNPAID: "Unpaid",
    NoticeState.REMINDER: "Reminder sent",
    NoticeState.REFERRED_TO_LEGAL: "With legal",
    NoticeState.COURT: "At court",
    NoticeState.CONVICTED: "Convicted",
    NoticeState.ACQUITTED: "Acquitted",
    NoticeState.WITHDRAWN: "Withdrawn",
    NoticeState.TIMED_OUT: "Timed out",
    NoticeState.CANCELLED: "Cancelled",
    NoticeState.VOID: "Void",
    NoticeState.WRITTEN_OFF: "Written off",
    NoticeState.REJECTED: "Representation rejected",
    NoticeState.DISREGARDED: "Late representation disregarded",
    NoticeState.APPEAL: "Appeal to the adjudicator",
    NoticeState.APPEAL_LATE: "Late appeal, let in by the adjudicator",
    NoticeState.APPEAL_ALLOWED: "Appeal allowed",
    NoticeState.APPEAL_DISMISSED: "Appeal dismissed",
    NoticeState.APPEAL_DIRECTED: "Appeal decided with directions",
    NoticeState.INCREASED: "Penalty increased",
    NoticeState.ENFORCEMENT_NOTICE: "Enforcement notice",
    NoticeState.CIVIL_DEBT: "Recovery as a civil debt",
}
AGES = {
    AgeBand.ADULT: "18 or over",
    AgeBand.TEN_TO_17: "10 to 17",
    AgeBand.UNDER_10: "Under 10",
    AgeBand.UNKNOWN: "Not known",
}
POWERS = {
    Power.LITTER: "Litter notices (Environmental Protection Act 1990, s.88)",
    Power.ORDER: "Notices for breach of an order (2014 Act, s.68)",
    Power.KEEPER: "Keeper's penalties (SI 2018/171)",
    Power.COMMUNITY_PROTECTION: "Community protection notices (2014 Act, s.43)",
    Power.NOTICE_BREACH: "Notices for breach of a community protection notice (2014 Act, s.52)",
    Power.FLY_TIPPING: "Fly-tipping notices (Environmental Protection Act 1990, s.33ZA)",
}
OFFENCES = {
    "epa1990_s87": "Littering (Environmental Protection Act 1990, s.87)",
    "epa1990_s33": "Depositing waste (Environmental Protection Act 1990, s.33)",
    "asbcpa2014_s67": "Breach of an order (2014 Act, s.67)",
    "asbcpa2014_s48": "Breach of a community protection notice (2014 Act, s.48)",
}
"""That may come before a criminal court."""
ISSUERS = {
    IssuerKind.COUNCIL_OFFICER: "Council officer",
    IssuerKind.CONTRACTOR: "Contractor's operative",
    IssuerKind.PCSO: "Police community support officer",
    IssuerKind.CONSTABLE: "Constable",
}
CHANGES = {
    OrderChange.MADE: "Made",
    OrderChange.EXTENDED: "Extended",
    OrderChange.VARIED: "Varied",
    OrderChange.DISCHARGED: "Discharged",
}
PICK_UPS = {
    PickUp.GIVEN: "Yes, and it was left",
    PickUp.NOT_GIVEN: "No",
    PickUp.NOT_POSSIBLE: "It was not possible",
}
RECORDINGS = {
    Recording.NO_RECORDING: "None",
    Recording.BODY_WORN: "Body-worn video",
    Recording.CCTV: "CCTV",
}
FOOTAGE_OUTCOMES = {
    CctvOutcome.WAITING: "Asked for",
    CctvOutcome.EXPORTED: "Exported",
    CctvOutcome.NOTHING_USEFUL: "Nothing of use was seen",
    CctvOutcome.REFUSED: "Refused",
}
LETTERS = {
    "keeper_rejection": "The letter that rejects the representations",
    "keeper_disregarded": "The letter that disregards late representations",
    "keeper_appeal_allowed": "The letter after an appeal that was allowed",
    "keeper_appeal_decided": "The letter after the adjudicator's decision",
    "keeper_increase": "The letter that the penalty has increased",
    "keeper_enforcement": "The enforcement notice",
    "rejection": "The letter that rejects a representation",
    "cancellation": "The letter that the notice is cancelled",
    "reminder": "A reminder to pay",
}
"""To print besides a notice itself."""
_VOCABULARIES: tuple[Mapping[Any, str], ...] = (
    KINDS,
    STATES,
    AGES,
    POWERS,
    ISSUERS,
    CHANGES,
    CONDUCT_WORDS,
    OFFENCES | {"si2018_171": "Littering from a vehicle (SI 2018/171)"},
    PICK_UPS,
    FOOTAGE_OUTCOMES,
)
_ALL: dict[str, str] = {
    str(code): label for words in _VOCABULARIES for code, label in words.items()
}


def in_words(code: str) -> str:
    """What people read for a word of the store; KeyError where it has no name."""
    return _ALL[code]


def register(blueprint: Blueprint) -> None:
    blueprint.app_template_filter("in_words")(in_words)
    blueprint.app_template_filter("recording_words")(lambda code: RECORDINGS[Recording(code)])
    blueprint.app_template_filter("pounds")(pounds)
    blueprint.app_template_filter("limits_in_words")(lambda record: limits_of(record).words())
