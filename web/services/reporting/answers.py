"""What a reporter has answered so far, and which question comes next."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from geodata.core.vocabulary import ChargerBand
from web.services.common.placing import Spot

QUESTIONS = ("place", "spot", "nearby", "what", "hazards", "when", "photos", "more")
"""In the order in which they are asked; the check of the answers follows."""
ABOUT_A_NEW_DUMP = frozenset({"what", "when"})
"""Not asked of somebody who only says that a known one is still there; what is dangerous there now
is."""
_TIMES = ("first_seen_at", "last_clean_at")


@dataclass(frozen=True)
class Refused:
    """An answer that could not be taken, as it was written, for its page to show again.

    Attributes
    ----------
    question
        Whose page it came from.
    entered
        What each field held.
    errors
        What is wrong, by field; under no name where the page is no form of fields.
    """

    question: str
    entered: dict[str, list[str]]
    errors: dict[str, list[str]]


@dataclass(frozen=True)
class Answers:
    """One report in the making.

    Attributes
    ----------
    spot
        Where; None until it is known.
    is_near_known
        Whether open incidents lie nearby, so that the question about them is asked.
    joins_incident_id
        The open incident that the reporter pointed at.
    done
        Questions answered, empty answers among them.
    refused
        The answer that was refused last, until one is taken.
    passed_from
        The council next door on whose site the report began; empty: it began here.
    """

    channel: str = "web"
    poster_code: str = ""
    spot: Spot | None = None
    landmark: str = ""
    is_near_known: bool = False
    joins_incident_id: int | None = None
    charger_band: str = ChargerBand.UNKNOWN.value
    cylinders: int | None = None
    has_balloons: bool = False
    has_needles: bool = False
    has_glass: bool = False
    is_leaking: bool = False
    from_vehicle: bool | None = None
    first_seen_at: datetime | None = None
    last_clean_at: datetime | None = None
    description: str = ""
    email: str = ""
    phone: str = ""
    done: tuple[str, ...] = ()
    refused: Refused | None = None
    passed_from: str = ""

    def with_spot(self, spot: Spot) -> Self:
        """Another place: what was asked of the old one is asked again."""
        kept = tuple(question for question in self.done if question not in {"spot", "nearby"})
        return replace(self, spot=spot, joins_incident_id=None, done=kept).answered("place")

    def answered(self, question: str, **changes: Any) -> Self:
        """With a question done, and its answers."""
        done = self.done if question in self.done else (*self.done, question)
        return replace(self, done=done, **changes)

    def errors_at(self, question: str) -> dict[str, list[str]]:
        """What is wrong with the answer to a question; empty where nothing was refused there."""
        refused = self.refused
        return refused.errors if refused and refused.question == question else {}

    def question_before(self, question: str) -> str | None:
        """The page that was shown before a question's, or before ``check``; None: the first."""
        before = QUESTIONS if question == "check" else QUESTIONS[: QUESTIONS.index(question)]
        skipped = frozenset() if self.is_near_known else frozenset({"nearby"})
        shown = [q for q in before if q in self.done and q not in skipped]
        return shown[-1] if shown else None

    def next_question(self) -> str:
        """The first question that is still open; ``check`` where none is."""
        skipped = ABOUT_A_NEW_DUMP if self.joins_incident_id is not None else frozenset()
        open_ = (q for q in QUESTIONS if q not in self.done and q not in skipped)
        return next(open_, "check")

    def to_document(self) -> dict[str, Any]:
        """As JSON values."""
        document = asdict(self)
        for name in _TIMES:
            moment = document[name]
            document[name] = moment and moment.isoformat()
        return document

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """From the JSON values of ``to_document``."""
        values = dict(document)
        spot = values.pop("spot")
        done = tuple(values.pop("done"))
        refused = values.pop("refused", None)  # drafts begun before this was kept have none
        for name in _TIMES:
            values[name] = values[name] and datetime.fromisoformat(values[name])
        return cls(
            **values,
            done=done,
            spot=None if spot is None else Spot(**spot),
            refused=None if refused is None else Refused(**refused),
        )
