"""Reports taken in from the public, partners and the telephone, and what reporters may know.

Imports `common`, `incidents`, `clearing`, `mail`. Start with `submission`, re-exported here.
"""

from web.services.reporting.submission import (
    acknowledge,
    submit,
)

__all__ = [
    "acknowledge",
    "submit",
]
