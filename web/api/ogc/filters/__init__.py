"""``filter`` of OGC API - Features, Part 3: CQL2 read, bounded, and made a condition of rows.

Start with `reading`, which gives a tree; `conditions` makes SQL of it, `literals` and `places` of
what it compares with. The library ``cql2`` reads the text; nothing of it goes to a store as it is.
"""

from web.api.ogc.filters.conditions import Rows, condition_of
from web.api.ogc.filters.reading import Language, read_filter, unfit

__all__ = ["Language", "Rows", "condition_of", "read_filter", "unfit"]
