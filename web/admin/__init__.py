"""Pages for the administrator."""

from web.admin import audit_log, person, retention, rules, settings
from web.admin.blueprint import admin

__all__ = ["admin", "audit_log", "person", "retention", "rules", "settings"]
