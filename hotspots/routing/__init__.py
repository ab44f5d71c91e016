"""A crew's round: which stops, in which order, along which streets.

Imports `core`. Start with `order_round`.
"""

from hotspots.routing.crew_rounds import Round, RoundParams, order_round
from hotspots.routing.street_network import StreetNetwork

__all__ = [
    "Round",
    "RoundParams",
    "StreetNetwork",
    "order_round",
]
