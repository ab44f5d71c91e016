"""Open311 GeoReport v2 as a server, with the updates that FixMyStreet adds to it.

Start with `addresses`. Nothing that a request names is ever fetched.
"""

from web.api.open311 import addresses, updates
from web.api.open311.blueprint import open311
from web.api.open311.formats import as_open311

__all__ = ["addresses", "as_open311", "open311", "updates"]
