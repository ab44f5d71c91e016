"""Reports of canisters, from a spreadsheet or another system's extract."""

from geodata.core.vocabulary import BAND_ESTIMATE, ChargerBand, Source, band_of
from geodata.files.columns import Field
from geodata.importers.kinds.closings import FIELDS as CLOSING_FIELDS
from geodata.importers.kinds.closings import take_closing, write_clearances
from geodata.importers.kinds.kind import OWN_REFERENCE, Kind, reference_of
from geodata.importers.parsed import Parsed
from geodata.importers.values import (
    NO_FLAG,
    parse_flag,
    parse_metres,
    parse_whole,
    parse_word,
)
from geodata.importers.when.when_names import OCCURRED, REPORTED
from geodata.importers.where import position_columns
from geodata.models import Clearance, Report

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


def _report(parsed: Parsed) -> None:
    parsed.take_past_time("reported_at", clock="time")
    parsed.take_optional_time("first_seen_at", clock="time_seen")
    parsed.take_optional_time("last_clean_at")
    take_closing(parsed)
    _take_chargers(parsed)
    number = "is not a whole number: write 0, 1, 2 ..."
    parsed.take("cylinders", parse_whole, number, is_optional=True)
    for flag in ("has_needles", "has_glass", "is_leaking"):
        parsed.take(
            flag,
            parse_flag,
            NO_FLAG,
            default=False,
            is_optional=True,
        )
    parsed.take("from_vehicle", parse_flag, NO_FLAG, is_optional=True)
    parsed.take(
        "source",
        lambda texts: parse_word(texts, _WORDS_SOURCE),
        f"is no known source ({', '.join(Source)}), and names of persons are not kept",
        default=Source.PUBLIC.value,
        is_optional=True,
    )
    parsed.take_words("landmark", most=200, is_spot=True)
    parsed.take_words("description")
    parsed.warn_of_removed("description", "landmark")
    parsed.take_own_reference()
    _take_accuracy(parsed)
    parsed.columns["channel"] = "import"
    parsed.columns["recorded_at"] = parsed.now
    parsed.columns["description_state"] = "pending"
    parsed.columns["has_balloons"] = False
    parsed.columns["is_pinned"] = False


def _take_accuracy(parsed: Parsed) -> None:
    """How exact the file says that a position is; else what we know of it ourselves."""
    known = parsed.columns["accuracy_m"]
    parsed.take("accuracy_m", parse_metres, "is no distance in metres: 12.5", is_optional=True)
    parsed.columns["accuracy_m"] = parsed.columns["accuracy_m"].fillna(known)


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
        parsed.leave_out(bands.isna(), "chargers", "is neither a number nor a band such as 11-50")
    parsed.columns["charger_band"] = bands.fillna(ChargerBand.UNKNOWN.value)
    parsed.columns["chargers"] = counts.where(counted, estimates)


_RECORDS = (
    *("report", "case", "request", "service request", "enquiry", "incident", "job", "ticket"),
    *("worksheet", "issue", "problem", "defect"),
)
REPORTS = Kind(
    "reports",
    Report,
    (
        Field("reported_at", REPORTED),
        Field("time", ("time reported", "reported time", "time of report", "report time")),
        Field("first_seen_at", OCCURRED),
        Field("time_seen", ("seen time", "time first seen", "time observed", "incident time")),
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
        Field("accuracy_m", ("accuracy",)),
        OWN_REFERENCE,
        *CLOSING_FIELDS,
        *position_columns.FIELDS,
    ),
    _report,
    reference=reference_of(*_RECORDS),
    finish=write_clearances,
    beside=(Clearance,),
    has_subject=True,
)
