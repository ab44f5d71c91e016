"""Posters, patrols, cameras and the like: what was done, where and when."""

from geodata.core.vocabulary import InterventionKind
from geodata.files.columns import Field
from geodata.importers.kinds.kind import WKT, Kind
from geodata.importers.parsed import Parsed
from geodata.importers.values import parse_word
from geodata.importers.where import position_columns
from geodata.models import Intervention

_WORDS_KIND = {kind.value.replace("_", " "): kind.value for kind in InterventionKind} | {
    "posters": InterventionKind.POSTER.value,
    "patrols": InterventionKind.PATROL.value,
    "camera": InterventionKind.CCTV.value,
    "school": InterventionKind.SCHOOL_VISIT.value,
    "education": InterventionKind.SCHOOL_VISIT.value,
}


def _intervention(parsed: Parsed) -> None:
    parsed.take_name("name")
    parsed.refuse_personal("name")
    parsed.take(
        "kind",
        lambda texts: parse_word(texts, _WORDS_KIND),
        f"is no known kind: write {', '.join(InterventionKind)}",
        default=InterventionKind.OTHER.value,
    )
    parsed.take_day("valid_from", is_required=True)
    parsed.take_day("valid_to")
    parsed.refuse_reversed("valid_from", "valid_to")
    parsed.take_amount("cost_pence", is_optional=True)
    parsed.take_impersonal("note", is_marked=True)


INTERVENTIONS = Kind(
    "interventions",
    Intervention,
    (
        Field("name", ("title", "intervention", "what")),
        Field("kind", ("type", "category")),
        Field("valid_from", ("from", "start", "start date", "date")),
        Field("valid_to", ("to", "end", "end date")),
        Field("cost_pence", ("cost", "cost gbp", "price", "cost in pence")),
        Field("note", ("notes", "comments")),
        WKT,
        *position_columns.FIELDS,
    ),
    _intervention,
    takes_shapes=True,
)
