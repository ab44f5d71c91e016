"""Pages for the administrator."""

from web.admin import (
    accounts,
    api_keys,
    audit_log,
    background,
    contacts,
    contracts,
    first_start,
    person,
    retention,
    rules,
    settings,
    system_secrets,
    systems,
)
from web.admin.blueprint import admin

__all__ = [
    "accounts",
    "admin",
    "api_keys",
    "audit_log",
    "background",
    "contacts",
    "contracts",
    "first_start",
    "person",
    "retention",
    "rules",
    "settings",
    "system_secrets",
    "systems",
]
