"""Pages for the administrator."""

from web.admin import audit_log, background, person, retention, rules, settings
from web.admin.blueprint import admin

__all__ = ["admin", "audit_log", "background", "person", "retention", "rules", "settings"]
