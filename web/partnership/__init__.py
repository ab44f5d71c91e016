"""The committee's half: the partnership's figures side by side, and the tables they come from."""

from web.partnership import comparison, tables
from web.partnership.blueprint import partnership

__all__ = ["comparison", "partnership", "tables"]
