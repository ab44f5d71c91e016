"""What the contractor did, under which contract, and where series break.

Imports `core`, `models`, `rules`. Start with `outcomes`, which this door re-exports.
"""

from geodata.clearances.outcomes import (
    add,
    all_of,
    by_idempotency_key,
    get,
    standing,
    stands,
    told_at,
    void_closing,
)

__all__ = [
    "add",
    "all_of",
    "by_idempotency_key",
    "get",
    "standing",
    "stands",
    "told_at",
    "void_closing",
]
