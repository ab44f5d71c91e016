"""Car parks, parks, wards: named places with dates."""

from geodata.core.vocabulary import PlaceKind
from geodata.files.columns import Field
from geodata.importers.kinds.kind import WKT, Kind
from geodata.importers.parsed import Parsed
from geodata.importers.values import parse_word
from geodata.importers.where import position_columns
from geodata.models import Place

_WORDS_PLACE = {kind.value.replace("_", " "): kind.value for kind in PlaceKind} | {
    "": PlaceKind.OTHER.value,
    "carpark": PlaceKind.CAR_PARK.value,
}


def _place(parsed: Parsed) -> None:
    parsed.take_name("name")
    parsed.take(
        "kind",
        lambda texts: parse_word(texts, _WORDS_PLACE),
        f"is no known kind: write {', '.join(PlaceKind)}",
        default=PlaceKind.OTHER.value,
    )
    for text in ("code", "land_type"):
        parsed.take(text, lambda texts: texts.str[:40])
    for text in ("owner", "landmark", "access", "note"):
        parsed.take_impersonal(text, is_marked=True)
    parsed.take_day("valid_from")
    parsed.take_day("valid_to")
    parsed.refuse_reversed("valid_from", "valid_to")


PLACES = Kind(
    "places",
    Place,
    (
        Field("name", ("place", "place name", "site", "site name", "ward", "ward name"), ons="nm"),
        Field("kind", ("type", "category")),
        Field("code", ("gss code", "ward code"), ons="cd"),
        Field("land_type", ("land",)),
        Field("owner", ("land owner",)),
        Field("landmark"),
        Field("access", ("access notes",)),
        Field("note", ("notes", "comments")),
        Field("valid_from", ("from", "opened")),
        Field("valid_to", ("to", "closed")),
        WKT,
        *(f for f in position_columns.FIELDS if f.name != "place"),
    ),
    _place,
    takes_shapes=True,
)
