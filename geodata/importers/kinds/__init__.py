"""What each kind of file holds: its fields by the names people use, and how a row is built.

A new kind is a ``Kind`` in a file of its own here, and a name in this list.
"""

from geodata.importers.kinds.actions import ACTIONS
from geodata.importers.kinds.clearances import CLEARANCES
from geodata.importers.kinds.exposure import EXPOSURE
from geodata.importers.kinds.features import FEATURES
from geodata.importers.kinds.gazetteer import GAZETTEER
from geodata.importers.kinds.indicators import INDICATORS, STREET_CRIME
from geodata.importers.kinds.interventions import INTERVENTIONS
from geodata.importers.kinds.orders import ORDERS
from geodata.importers.kinds.places import PLACES
from geodata.importers.kinds.populations import POPULATIONS
from geodata.importers.kinds.reports import REPORTS
from geodata.importers.kinds.streets import STREETS

KINDS = {
    kind.name: kind
    for kind in (
        REPORTS,
        CLEARANCES,
        PLACES,
        ACTIONS,
        ORDERS,
        INTERVENTIONS,
        GAZETTEER,
        STREETS,
        EXPOSURE,
        FEATURES,
        INDICATORS,
        POPULATIONS,
        STREET_CRIME,
    )
}
"""Every kind that can be imported, by name."""
