"""Pages for the administrator."""

from web.admin import (
    accounts,
    audit_log,
    background,
    contacts,
    contracts,
    first_start,
    person,
    retention,
    rules,
    settings,
)
from web.admin.blueprint import admin

__all__ = [
    "accounts",
    "admin",
    "audit_log",
    "background",
    "contacts",
    "contracts",
    "first_start",
    "person",
    "retention",
    "rules",
    "settings",
]
