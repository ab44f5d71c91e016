"""What an outcome's fields may hold, each refusal in words that name the field.

A phone without signal must refuse what the server would, so the page bears the same rules as data.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import StopValidation

from geodata.core.vocabulary import Outcome
from geodata.media.photos import MAX_PER_REPORT
from geodata.media.pictures import LONG_SIDE_PX, MAX_BYTES, MAX_UPLOAD_BYTES
from web.services.clearing.new_clearance import OWNER_NEEDED, PHOTO_NEEDED, TOO_MANY_PHOTOS
from web.services.common.speaking import N_, gettext

MANY = 10_000
PATTERNS = {"whole": r"\+?[0-9]+", "number": r"\+?[0-9]+([.][0-9]+)?"}


@dataclass(frozen=True)
class FieldRule:
    """What one field may hold.

    Attributes
    ----------
    kind
        ``whole`` or ``number``: 0 to ``most``; ``text``: at most ``most`` characters.
    message
        What is said of anything else.
    """

    name: str
    kind: str
    most: int
    message: str


def _number(name: str, message: str, kind: str = "whole") -> FieldRule:
    return FieldRule(name, kind, MANY, message)


FIELD_RULES = (
    FieldRule(
        "no_photo_reason",
        "text",
        200,
        N_("Write at most 200 characters about why there is no photo"),
    ),
    _number(
        "cylinders",
        N_("Enter a whole number, 0 or more and up to 10,000, as the number of large cylinders"),
    ),
    _number(
        "sacks", N_("Enter a whole number, 0 or more and up to 10,000, as the number of sacks")
    ),
    _number(
        "weight_kg",
        N_("Enter a number, 0 or more and up to 10,000, as the weight in kilograms"),
        kind="number",
    ),
    FieldRule("land_owner", "text", 200, N_("Write at most 200 characters about whose land it is")),
    FieldRule(
        "duplicate_of",
        "text",
        20,
        N_("Write at most 20 characters as the reference of the other job"),
    ),
    FieldRule("note", "text", 2_000, N_("Write at most 2,000 characters as the note")),
)
RULE_OF = {rule.name: rule for rule in FIELD_RULES}
OUTCOME_NEEDED = N_("Choose what you did")
SAME_JOB = N_("This is the job itself: give the other job's reference")


def keeps(name: str) -> Callable[[FlaskForm, Field], None]:
    """A validator that refuses what the rule of a field refuses."""
    rule = RULE_OF[name]

    def check(_: FlaskForm, field: Field) -> None:
        text = (field.raw_data or [field.data])[0]
        text = "" if text is None else str(text)
        if text.strip() and _is_kept(rule, text):
            return
        field.errors = []  # the library's own words name neither the field nor what to do
        raise StopValidation(rule.message if text.strip() else "")

    return check


def _is_kept(rule: FieldRule, text: str) -> bool:
    if rule.kind == "text":
        return len(text.replace("\r\n", "\n")) <= rule.most  # a browser sends two for a new line
    is_number = re.fullmatch(PATTERNS[rule.kind], text.strip()) is not None
    return is_number and float(text) <= rule.most


def phone_rules() -> dict[str, Any]:
    """The rules for the script of the page, which applies them before an entry is queued."""
    return {
        "outcomeNeeded": gettext(OUTCOME_NEEDED),
        "fields": [_as_data(rule) for rule in FIELD_RULES],
        "photoNeeded": {"outcome": Outcome.CLEARED, "message": gettext(PHOTO_NEEDED)},
        "ownerNeeded": {"outcome": Outcome.NOT_OUR_LAND, "message": gettext(OWNER_NEEDED)},
        "otherJob": {"outcome": Outcome.DUPLICATE, "message": gettext(SAME_JOB)},
        "photos": {
            "most": MAX_PER_REPORT,
            "message": gettext(TOO_MANY_PHOTOS),
            "mostBytes": MAX_UPLOAD_BYTES,
            "plainBytes": MAX_BYTES,
            "longSidePx": LONG_SIDE_PX,
        },
    }


def _as_data(rule: FieldRule) -> dict[str, Any]:
    return asdict(rule) | {
        "message": gettext(rule.message),
        "pattern": PATTERNS.get(rule.kind, ""),
    }
