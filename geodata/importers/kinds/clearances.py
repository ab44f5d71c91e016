"""What the contractor did, from its job system."""

from geodata.importers import positions
from geodata.importers.columns import Field
from geodata.importers.kinds.kind import Kind
from geodata.importers.parsed import Parsed
from geodata.importers.values import parse_whole, parse_word, without_personal_data
from geodata.models import Clearance
from geodata.vocabulary import Outcome

_WORDS_OUTCOME = {outcome.value.replace("_", " "): outcome.value for outcome in Outcome} | {
    "completed": Outcome.CLEARED.value,
    "collected": Outcome.CLEARED.value,
    "removed": Outcome.CLEARED.value,
    "done": Outcome.CLEARED.value,
    "nothing found": Outcome.NOT_FOUND.value,
    "private land": Outcome.NOT_OUR_LAND.value,
    "access refused": Outcome.NO_ACCESS.value,
    "specialist needed": Outcome.SPECIALIST.value,
}


def _clearance(parsed: Parsed) -> None:
    parsed.take_past_time("occurred_at", clock="time")
    parsed.take(
        "outcome",
        lambda texts: parse_word(texts, _WORDS_OUTCOME),
        f"is no known outcome: write {', '.join(Outcome)}",
        default=Outcome.CLEARED.value,
    )
    for count in ("chargers", "cylinders", "sacks"):
        parsed.take(count, parse_whole, "is not a whole number: write 0, 1, 2 ...")
    parsed.take("report_ref", lambda texts: texts)
    parsed.take("contractor", lambda texts: texts.str[:80])
    parsed.take("note", without_personal_data)
    parsed.columns["recorded_at"] = parsed.now
    parsed.find_reports()


CLEARANCES = Kind(
    "clearances",
    Clearance,
    (
        Field(
            "occurred_at",
            (
                "cleared at",
                "date cleared",
                "cleared",
                "completed",
                "completion date",
                "date",
                "time",
            ),
        ),
        Field("time", ("time cleared", "cleared time", "time completed", "completion time")),
        Field("outcome", ("result", "status")),
        Field("report_ref", ("report", "report reference", "job", "job reference")),
        Field("chargers", ("canisters", "small canisters")),
        Field("cylinders", ("large canisters", "large cylinders")),
        Field("sacks", ("bags",)),
        Field("contractor", ("company",)),
        Field("note", ("notes", "comments")),
        *positions.FIELDS,
    ),
    _clearance,
    needs_position=False,
)
