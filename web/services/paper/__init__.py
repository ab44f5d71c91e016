"""Sheets of paper: pages, small maps, typefaces, and GPX for navigation.

Imports no other room. Start with `pages`, which this door re-exports.
"""

from web.services.paper.pages import (
    a4,
)

__all__ = [
    "a4",
]
