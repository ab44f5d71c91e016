"""A schema and a role for each council that shares a database: the second lock.

The first lock is that a council's statements go by a connection whose search path is its own
schema. The second is the server's: that connection's role may not look into another schema, even
where a statement names it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.engine import make_url

from web.config import ConfigError
from web.house.house_file import House, Site


def statements(house: House) -> Iterator[str]:
    """Statements for the administrator of the database; to run them twice changes nothing.

    Raises
    ------
    ConfigError
        No site shares a database, or two sites share a role.
    """
    sites = [site for site in house.sites if site.schema]
    if not sites:
        raise ConfigError(f"{house.path}: no council has a schema, so there is nothing to set up")
    _refuse_shared_roles(sites)
    yield "CREATE EXTENSION IF NOT EXISTS postgis;"
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    for site in sites:
        yield from _of_site(site)


def role_of(site: Site) -> str:
    """Whom a site connects as."""
    return make_url(site.config.database_url).username or ""


def _refuse_shared_roles(sites: list[Site]) -> None:
    by_role: dict[str, str] = {}
    for site in sites:
        role = role_of(site)
        if not role:
            raise ConfigError(f"{site.code}: its database_url names no account to connect as")
        if role in by_role:
            raise ConfigError(
                f"{by_role[role]} and {site.code} connect as {role}: give each an account of its "
                f"own, such as postgresql://{site.schema}@host/database"
            )
        by_role[role] = site.code


def _of_site(site: Site) -> Iterator[str]:
    role, schema = _quoted(role_of(site)), _quoted(site.schema)
    literal = role_of(site).replace("'", "''")
    yield f"-- {site.code}, {' '.join(site.name.split())}"
    yield (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{literal}') "
        f"THEN CREATE ROLE {role} LOGIN NOINHERIT; END IF; END $$;"
    )
    yield f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {role};"
    yield f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;"
    yield f"ALTER ROLE {role} SET search_path = {schema}, public;"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
