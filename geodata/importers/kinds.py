"""What each kind of file holds: its fields by the names people use, and how a row is built.

A new kind is a ``Kind`` here: the fields, the table that its rows go to, and a function from
parsed columns to rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from geodata.importers import positions
from geodata.importers.columns import Field
from geodata.importers.parsed import Parsed
from geodata.importers.values import (
    has_personal_data,
    parse_flag,
    parse_whole,
    parse_word,
    without_personal_data,
)
from geodata.models import Base, Clearance, Place, Report
from geodata.reports import new_reference
from geodata.vocabulary import BAND_ESTIMATE, ChargerBand, Outcome, PlaceKind, Source, band_of


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes
    ----------
    name
        As the command line calls it.
    model
        The table that its rows go to.
    fields
        What a row may hold, besides its position and its external reference.
    build
        Adds the table's columns to what was parsed so far; bad cells become problems.
    needs_position
        Whether a row without a position is refused.
    """

    name: str
    model: type[Base]
    fields: tuple[Field, ...]
    build: Callable[[Parsed], None]
    needs_position: bool = True


REFERENCE = Field("external_ref", ("id", "ref", "reference", "report id", "case", "case number"))

_WORDS_BAND = {
    "none": ChargerBand.NONE,
    "up to 10": ChargerBand.UP_TO_10,
    "1 10": ChargerBand.UP_TO_10,
    "11 50": ChargerBand.TO_50,
    "11 to 50": ChargerBand.TO_50,
    "51 100": ChargerBand.TO_100,
    "51 to 100": ChargerBand.TO_100,
    "over 100": ChargerBand.OVER_100,
    "100": ChargerBand.OVER_100,
    "unknown": ChargerBand.UNKNOWN,
    "": ChargerBand.UNKNOWN,
}
_WORDS_SOURCE = {source.value: source.value for source in Source} | {
    "": Source.PUBLIC.value,
    "resident": Source.PUBLIC.value,
    "web": Source.PUBLIC.value,
    "phone": Source.PUBLIC.value,
    "pcso": Source.PARTNER.value,
    "police": Source.PARTNER.value,
    "contractor": Source.CREW.value,
}
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
_WORDS_PLACE = {kind.value.replace("_", " "): kind.value for kind in PlaceKind} | {
    "": PlaceKind.OTHER.value,
    "carpark": PlaceKind.CAR_PARK.value,
}


def _report(parsed: Parsed) -> None:
    parsed.take_time("reported_at", is_required=True)
    parsed.take_time("first_seen_at")
    parsed.take_time("last_clean_at")
    _take_chargers(parsed)
    parsed.take("cylinders", parse_whole, "is not a whole number: write 0, 1, 2 ...")
    for flag in ("has_needles", "has_glass", "is_leaking"):
        parsed.take(flag, parse_flag, "is neither yes nor no", default=False)
    parsed.take("from_vehicle", parse_flag, "is neither yes nor no")
    parsed.take(
        "source",
        lambda texts: parse_word(texts, _WORDS_SOURCE),
        f"is no known source: write {', '.join(Source)}",
        default=Source.PUBLIC.value,
    )
    parsed.take("landmark", lambda texts: without_personal_data(texts).str[:200])
    parsed.take("description", without_personal_data)
    removed = parsed.count_changed("description") + parsed.count_changed("landmark")
    if removed:
        parsed.warnings.append(
            f"{removed} texts held a mail address, telephone number or number plate: taken out"
        )
    parsed.columns["reference"] = [new_reference() for _ in parsed.rows.index]
    parsed.columns["channel"] = "import"
    parsed.columns["recorded_at"] = parsed.now
    parsed.columns["description_state"] = "pending"
    parsed.columns["has_balloons"] = False
    parsed.columns["is_pinned"] = False
    parsed.refuse(parsed.columns["reported_at"] > parsed.now, "reported_at", "lies in the future")


def _take_chargers(parsed: Parsed) -> None:
    """A count, or a band in words."""
    header = parsed.headers.get("chargers")
    texts = parsed.texts("chargers")
    counts = parse_whole(texts)
    bands = parse_word(texts, {k: v.value for k, v in _WORDS_BAND.items()})
    counted = counts.notna()
    bands = bands.where(~counted, counts.fillna(0).map(lambda n: band_of(int(n)).value))
    estimates = bands.map(dict(BAND_ESTIMATE)).astype(float)
    if header is not None:
        parsed.refuse(bands.isna(), "chargers", "is neither a number nor a band such as 11-50")
    parsed.columns["charger_band"] = bands.fillna(ChargerBand.UNKNOWN.value)
    parsed.columns["chargers"] = counts.where(counted, estimates)


def _clearance(parsed: Parsed) -> None:
    parsed.take_time("occurred_at", is_required=True)
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


def _place(parsed: Parsed) -> None:
    parsed.take("name", lambda texts: texts.str[:200])
    parsed.refuse(parsed.columns["name"].isna(), "name", "is empty: every place needs a name")
    parsed.take(
        "kind",
        lambda texts: parse_word(texts, _WORDS_PLACE),
        f"is no known kind: write {', '.join(PlaceKind)}",
        default=PlaceKind.OTHER.value,
    )
    for text in ("owner", "landmark", "access", "note"):
        parsed.take(text, lambda texts: texts.str[:200])
        if parsed.headers.get(text):
            parsed.refuse(
                has_personal_data(parsed.texts(text)),
                text,
                "holds a mail address, telephone number or number plate: take it out",
            )
    parsed.take_day("valid_from")
    parsed.take_day("valid_to")


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "reports",
            Report,
            (
                Field(
                    "reported_at",
                    (
                        "date reported",
                        "reported",
                        "report date",
                        "date",
                        "created",
                        "created at",
                        "requested datetime",
                        "creation date",
                        "month",
                        "datetime",
                        "time",
                    ),
                ),
                Field("first_seen_at", ("first seen", "seen at", "observed", "incident date")),
                Field("last_clean_at", ("last clean", "last known clean")),
                Field(
                    "chargers",
                    (
                        "canisters",
                        "number of canisters",
                        "no of canisters",
                        "count",
                        "quantity",
                        "small canisters",
                        "charger band",
                    ),
                ),
                Field("cylinders", ("large canisters", "large cylinders", "no of cylinders")),
                Field("has_needles", ("needles", "sharps")),
                Field("has_glass", ("glass", "broken glass")),
                Field("is_leaking", ("leaking", "hissing")),
                Field("from_vehicle", ("vehicle", "seen from vehicle")),
                Field("source", ("reported by", "reporter type")),
                Field("landmark", ("address", "street", "where", "location", "location name")),
                Field("description", ("details", "comments", "notes", "note", "text")),
                *positions.FIELDS,
            ),
            _report,
        ),
        Kind(
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
        ),
        Kind(
            "places",
            Place,
            (
                Field("name", ("place", "place name", "site", "site name")),
                Field("kind", ("type", "category")),
                Field("owner", ("land owner",)),
                Field("landmark"),
                Field("access", ("access notes",)),
                Field("note", ("notes", "comments")),
                Field("valid_from", ("from", "opened")),
                Field("valid_to", ("to", "closed")),
                *(f for f in positions.FIELDS if f.name != "place"),
            ),
            _place,
        ),
    )
}
"""Every kind that can be imported, by name."""
