"""The house file: which councils stand here, at which addresses, each with its own settings.

A setting is looked for nearest first: ``HOTSPOTS_SETTING_CODE`` in the environment, the council's
own table, ``HOTSPOTS_SETTING``, the table ``[settings]``. The database is always a site's own.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from web.config import PREFIX, SETTINGS, Config, ConfigError, Sourced, config_of
from web.server.mounts import Mount

if TYPE_CHECKING:
    Table = Mapping[str, object]

GSS = re.compile(r"[ENSW]\d{8}")
PARTNERSHIP_CODE = re.compile(r"[a-z][a-z0-9-]{1,30}")
PATH = re.compile(r"(/[a-z0-9][a-z0-9-]*)+")
SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,50}")
OF_THE_HOUSE = frozenset({"name", "base_url", "settings", "authorities", "partnerships"})
OF_A_SITE = frozenset({"name", "host", "prefix", "schema", "members"})
NEVER_SHARED = frozenset({"database_url", "council_name", "base_url", "house"})
"""What is one site's own, whatever the environment says for all."""


@dataclass(frozen=True)
class Site:
    """A council's site, or a partnership's, which shows ``members`` side by side.

    Attributes
    ----------
    code
        The council's GSS code, or the partnership's name in the file.
    host
        In small letters; empty: any host that is nobody else's.
    schema
        In a PostGIS database that others share; empty: the database is its own.
    """

    code: str
    name: str
    config: Config
    host: str = ""
    prefix: str = ""
    schema: str = ""
    members: tuple[str, ...] = ()

    @property
    def is_partnership(self) -> bool:
        return bool(self.members)

    @property
    def mount(self) -> Mount:
        return Mount(self.code, self.prefix)

    def has(self, host: str, path: str) -> bool:
        """Whether an address is this site's."""
        is_below = not self.prefix or path == self.prefix or path.startswith(self.prefix + "/")
        return is_below and self.host in {"", host}


@dataclass(frozen=True)
class House:
    """All sites, in the order of their names; ``config`` is what holds for the house itself."""

    name: str
    path: Path
    config: Config
    sites: tuple[Site, ...]

    @property
    def councils(self) -> tuple[Site, ...]:
        return tuple(site for site in self.sites if not site.is_partnership)

    def site_at(self, host: str, path: str) -> Site | None:
        """Whose an address is: a site of this very host first, the longest path first."""
        here = [site for site in self.sites if site.has(host, path)]
        return max(here, key=lambda site: (bool(site.host), len(site.prefix)), default=None)

    def site(self, code: str) -> Site:
        """The site of a code.

        Raises
        ------
        ConfigError
            There is none.
        """
        for each in self.sites:
            if each.code.casefold() == code.casefold():
                return each
        known = ", ".join(each.code for each in self.sites)
        raise ConfigError(f"{self.path} has no {code}: it has {known}")


def host_of(header: str) -> str:
    """The host of a request's header, small, without its port."""
    name = header.strip().lower()
    name = name.partition("]")[0] + "]" if name.startswith("[") else name.partition(":")[0]
    return name.rstrip(".")


def read_house(path: Path, environ: Mapping[str, str] | None = None) -> House:
    """The house of a file.

    Raises
    ------
    ConfigError
        It cannot be read, or an entry lacks something, or holds what is none.
    """
    environ = os.environ if environ is None else environ
    document = _document(path)
    if unknown := sorted(set(document) - OF_THE_HOUSE):
        known = ", ".join(sorted(OF_THE_HOUSE))
        raise ConfigError(f"{path}: unknown entries {', '.join(unknown)}; known: {known}")
    shared = {name: (value, f"{path} [settings]") for name, value in _settings(path, document)}
    for name in SETTINGS:
        if (variable := PREFIX + name.upper()) in environ:
            shared[name] = (environ[variable], variable)
    shared = {name: value for name, value in shared.items() if name not in NEVER_SHARED}
    base = str(document.get("base_url", "")).rstrip("/")
    reader = _SiteReader(path, shared, base, environ)
    sites = [reader.council(*each) for each in _tables(path, document, "authorities")]
    sites += [reader.partnership(*each) for each in _tables(path, document, "partnerships")]
    if not any(not site.is_partnership for site in sites):
        raise ConfigError(f"{path} names no council: write a table [authorities.E07000107]")
    own = {**shared, "base_url": (base, str(path)), "house": (str(path), "command line")}
    return House(
        str(document.get("name", "Dumped canisters")),
        path,
        config_of(own),
        tuple(sorted(sites, key=lambda site: (site.is_partnership, site.name.casefold()))),
    )


@dataclass(frozen=True)
class _SiteReader:
    """What every entry is read with."""

    path: Path
    shared: Mapping[str, Sourced]
    base_url: str
    environ: Mapping[str, str]

    def council(self, code: str, table: Table) -> Site:
        if not GSS.fullmatch(code):
            raise ConfigError(
                f"{self.path}: {code!r} is no GSS code: write one such as E07000107 (Dartford)"
            )
        if "members" in table:
            raise ConfigError(f"{self.path}: {code} is a council and has no members")
        return self._site(code, table, ())

    def partnership(self, code: str, table: Table) -> Site:
        if not PARTNERSHIP_CODE.fullmatch(code):
            raise ConfigError(
                f"{self.path}: the partnership {code!r} needs a name of small letters, digits and "
                "hyphens, such as north-kent"
            )
        members = table.get("members")
        if not isinstance(members, list) or not members:
            raise ConfigError(f'{self.path}: {code} lists no members = ["E07000107", …]')
        return self._site(code, table, tuple(str(each).upper() for each in members))

    def _site(self, code: str, table: Table, members: tuple[str, ...]) -> Site:
        where = f"{self.path} [{code}]"
        unknown = sorted(set(table) - OF_A_SITE - set(SETTINGS))
        if unknown:
            raise ConfigError(f"{where}: unknown settings {', '.join(unknown)}")
        name = str(table.get("name", "")).strip()
        if not name:
            raise ConfigError(f"{where} has no name")
        host, prefix = self._address(where, table)
        schema = str(table.get("schema", ""))
        if schema and not SCHEMA.fullmatch(schema):
            raise ConfigError(f"{where}: the schema {schema!r} is no name of small letters")
        sourced = dict(self.shared) | {"council_name": (name, where)}
        sourced |= {"base_url": (self._base_url(host, prefix), where)}
        sourced |= {each: (table[each], where) for each in SETTINGS if each in table}
        sourced |= self._of_environment(code)
        sourced["database_url"] = (self._database(where, sourced, schema), where)
        sourced["secret_key"] = self._key(code, sourced)
        sourced = self._files(code, sourced) | sourced
        return Site(code, name, config_of(sourced), host, prefix, schema, members)

    def _address(self, where: str, table: Table) -> tuple[str, str]:
        host = host_of(str(table.get("host", "")))
        prefix = str(table.get("prefix", "")).rstrip("/")
        if not host and not prefix:
            raise ConfigError(
                f'{where} has no address: write prefix = "/dartford" or '
                'host = "canisters.dartford.gov.uk"'
            )
        if prefix and not PATH.fullmatch(prefix):
            raise ConfigError(
                f"{where}: the prefix {prefix!r} is no path: write one such as /dartford, in "
                "small letters, digits and hyphens"
            )
        return host, prefix

    def _base_url(self, host: str, prefix: str) -> str:
        """Of a host of its own, or below the house's; empty where that has none."""
        site = f"https://{host}" if host else self.base_url
        return f"{site}{prefix}" if site else ""

    def _of_environment(self, code: str) -> dict[str, Sourced]:
        ending = "_" + code.upper().replace("-", "_")
        variables = {name: PREFIX + name.upper() + ending for name in SETTINGS}
        return {
            name: (self.environ[variable], variable)
            for name, variable in variables.items()
            if variable in self.environ
        }

    def _database(self, where: str, sourced: Mapping[str, Sourced], schema: str) -> str:
        url = str(sourced.get("database_url", ("", ""))[0])
        scheme, separator, rest = url.partition(":///")
        if not url:
            raise ConfigError(f'{where} has no database_url: write "sqlite:///dartford.gpkg"')
        if scheme == "sqlite":  # beside the house file, wherever the program is started
            return scheme + separator + str(self.path.absolute().parent / rest)
        if not schema:
            return url
        # PostGIS itself stands in public; tables of others there are refused by `house check`.
        joint = "&" if "?" in rest or "?" in url else "?"
        return f"{url}{joint}options=-csearch_path%3D{schema},public"

    def _files(self, code: str, sourced: Mapping[str, Sourced]) -> dict[str, Sourced]:
        """What lies beside a store that is a file, for one that is none: each site's own."""
        if str(sourced["database_url"][0]).startswith("sqlite:"):
            return {}
        folder, source = self.path.absolute().parent, "beside the house file"
        return {
            "basemap_file": (str(folder / f"{code}.basemap.pmtiles"), source),
            "import_folder": (str(folder / f"{code}.imports"), source),
        }

    def _key(self, code: str, sourced: Mapping[str, Sourced]) -> Sourced:
        """The site's own key, or one that is drawn from the house's, by which no other can sign."""
        key, source = sourced.get("secret_key", ("", "default"))
        is_own = source not in {PREFIX + "SECRET_KEY", f"{self.path} [settings]"}
        if is_own or not key:
            return str(key), source
        drawn = hmac.new(str(key).encode(), f"site {code}".encode(), hashlib.sha256).hexdigest()
        return drawn, f"drawn from {source}"


def _document(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the house file {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None


def _settings(path: Path, document: Table) -> Iterator[tuple[str, object]]:
    table = document.get("settings", {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: settings is no table: write [settings]")
    for name, value in table.items():
        if name not in SETTINGS or name in NEVER_SHARED:
            raise ConfigError(f"{path} [settings]: {name} cannot be set for all councils")
        yield name, value


def _tables(path: Path, document: Table, kind: str) -> Iterator[tuple[str, Table]]:
    tables = document.get(kind, {})
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        raise ConfigError(f"{path}: {kind} are tables: write [{kind}.CODE]")
    yield from tables.items()
