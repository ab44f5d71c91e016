"""Pages for the administrator."""

from web.admin import rules
from web.admin.blueprint import admin

__all__ = ["admin", "rules"]
