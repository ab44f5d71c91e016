"""Settings: from the environment and one optional TOML file, each with where it came from.

``HOTSPOTS_DATABASE_URL=...`` in the environment is ``database_url = "..."`` in the file that
``HOTSPOTS_CONFIG`` names. The environment wins.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from geodata.core.kept_years import KEEP, years_fault
from web.server import secret_key

ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
"""What libpq must be told, lest it fall back to a connection that others can read."""
PREFIX = "HOTSPOTS_"


class ConfigError(Exception):
    """A setting cannot be used; the message says which, where it stands and what it may be."""


@dataclass(frozen=True)
class Config:
    """All settings of one installation; ``sources`` says where each one stands."""

    database_url: str = "sqlite:///hotspots.gpkg"
    secret_key: str = field(default="", repr=False)
    council_name: str = ""
    """Overrides the name that ``hotspots init`` stored."""
    base_url: str = ""
    """Public address of the site, such as https://canisters.example.gov.uk; used in mails.
    Once it is set the site answers to no other host, the demo excepted."""
    other_hosts: str = ""
    """Hosts besides that of `base_url` that the site answers to, commas between."""
    trusted_proxies: int = 0
    """How many reverse proxies stand before the server and set X-Forwarded-For."""
    proxy_addresses: str = "127.0.0.0/8, ::1"
    """From where the nearest proxy calls; what anybody else says in X-Forwarded-For is ignored."""
    tile_url: str = ""
    """Somebody else's map pictures, such as https://tiles.example.org/{z}/{x}/{y}.png, instead of
    the ground that ``hotspots import basemap`` makes."""
    tile_attribution: str = ""
    basemap_file: str = ""
    """The file that ``hotspots import basemap`` writes; empty: beside the store."""
    import_folder: str = ""
    """Where files that people send lie until they are taken in, a day at most; empty: beside the
    store. Several servers of one store share it."""
    tile_max_zoom: int = 19
    contact_email: str = ""
    contact_phone: str = ""
    security_contact: str = ""
    """Whom to tell of a weakness: a mail address, or a page that begins with https://."""
    smtp_host: str = ""
    """The council's mail server; empty: mails wait in the outbox."""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_starttls: bool = True
    mail_from: str = ""
    """Sender of all mails, such as canisters@example.gov.uk."""
    notify_api_key: str = field(default="", repr=False)
    """Of the council's service at GOV.UK Notify, for text messages to reporters; empty: none."""
    notify_template_id: str = ""
    """Of its text message template whose text is `((message))` alone."""
    notify_url: str = "https://api.notifications.service.gov.uk"
    """Where Notify answers."""
    what3words_key: str = field(default="", repr=False)
    """Of the council's account at what3words, so that three words find a place; empty: none."""
    what3words_url: str = "https://api.what3words.com"
    """Where what3words answers."""
    csu_email: str = ""
    """Where the daily list of overdue work goes, besides the contractor, and the ends of orders."""
    briefing_email: str = ""
    """Who gets the daily briefing at 7am, addresses with commas between; empty: nobody."""
    contractor_email: str = ""
    """Where new jobs and the daily list of overdue work go."""
    retention_months: int = 6
    """Months after an incident closed at which its reporters' addresses are deleted."""
    record_years: int = 6
    """Years after an incident closed at which what its reporters wrote, and their photos, go."""
    enforcement_years: str = "6"
    """Years after a person's last case closed at which what may say who it was goes; ``keep``:
    never."""
    audit_years: str = KEEP
    """Years after which the audit log says no longer who did something and why; ``keep``: never."""
    backup_days: int = 35
    """Days after which a backup that ``hotspots backup`` made is deleted."""
    nightly_hour: int = 3
    """Hour, London, from which hotspots are detected once a night."""
    data_protection_email: str = ""
    """Of the data protection officer; printed in the privacy notice."""
    session_idle_minutes: int = 60
    """After so long without a page, the council's people and partners sign in again."""
    session_hours: int = 12
    """So long after signing in they sign in again in any case."""
    crew_session_idle_hours: int = 72
    """The same two for the contractor's crews, whose telephones wait for signal: without a page."""
    crew_session_days: int = 30
    """And in any case."""
    sso_issuer: str = ""
    """Single sign-on by OpenID Connect: the provider's issuer, such as
    https://login.microsoftonline.com/TENANT/v2.0; empty: none. Takes the extra `sso`."""
    sso_client_id: str = ""
    """Who this site is at the provider."""
    sso_client_secret: str = field(default="", repr=False)
    sso_hosts: str = ""
    """Hosts besides the issuer's that the provider lets this site ask, such as
    `oauth2.googleapis.com, www.googleapis.com`; all others are refused."""
    sso_name: str = "council account"
    """What people sign in with there, on the button."""
    sso_group_claim: str = "groups"
    """The claim of the identity that lists groups."""
    sso_roles: str = ""
    """Which group gives which role, such as `Officers=officer, Admins=admin`; empty: groups say
    nothing, and roles are given here."""
    sso_creates_accounts: bool = False
    """Whether somebody of these groups who has no account gets one."""
    sso_matches_email: bool = False
    """Whether an account is found by its mail address the first time, if it is verified."""
    sso_allows_passwords: bool = True
    """Whether accounts that belong to single sign-on may sign in with a password too."""
    private_hosts: str = ""
    """Hosts of other systems that this site may call although their address is private, and by
    http, such as `alloy.council.internal, localhost`; empty: none."""
    log_format: str = "auto"
    """``json``, ``text``, or ``auto``: text on a terminal, JSON for everything else."""
    house: str = ""
    """The file of a house of several councils, such as house.toml; empty: one council alone."""
    metrics_token: str = field(default="", repr=False)
    """What Prometheus sends as its bearer token to read /metrics; empty: there are no metrics."""
    insecure_cookies: bool = False
    """Allows sign-in over plain http, for a machine of one's own."""
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def has_sso(self) -> bool:
        """Whether single sign-on is set up."""
        return bool(self.sso_issuer and self.sso_client_id)

    @property
    def allowed_private_hosts(self) -> frozenset[str]:
        """The names of `private_hosts`."""
        return frozenset(
            filter(None, (name.strip() for name in self.private_hosts.lower().split(",")))
        )

    @property
    def tile_host(self) -> str:
        """What the content security policy must allow for the background map."""
        if not self.tile_url:
            return ""
        scheme, _, rest = self.tile_url.partition("://")
        host = rest.split("/")[0].replace("{s}", "*")
        return f"{scheme}://{host}"


YEARS_KEPT = frozenset({"enforcement_years", "audit_years"})
SETTINGS: Mapping[str, Any] = {f.name: f.type for f in fields(Config) if f.name != "sources"}
"""Every setting and its type."""
Sourced = tuple[Any, str]
"""A value, and where it stands."""


def load_config(environ: Mapping[str, str] | None = None, **overrides: Any) -> Config:
    """Settings from defaults, then the TOML file, then the environment, then ``overrides``.

    Raises
    ------
    ConfigError
        The file is missing or not TOML, a name is unknown, or a value cannot be read.
    """
    environ = os.environ if environ is None else environ
    sourced: dict[str, Sourced] = {}
    path = environ.get(PREFIX + "CONFIG")
    if path:
        sourced |= {
            name: (value, path) for name, value in _read_file(Path(path), set(SETTINGS)).items()
        }
    for name in SETTINGS:
        if (variable := PREFIX + name.upper()) in environ:
            sourced[name] = (environ[variable], variable)
    return config_of(sourced | {name: (value, "command line") for name, value in overrides.items()})


def config_of(sourced: Mapping[str, Sourced]) -> Config:
    """The settings of values that are read already, each with where it stands.

    Raises
    ------
    ConfigError
        A value cannot be read.
    """
    values = {name: _cast(name, value, SETTINGS[name], at) for name, (value, at) in sourced.items()}
    return Config(**values, sources={name: at for name, (_, at) in sourced.items()})


def _read_file(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{PREFIX}CONFIG names {path}: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None
    unknown = sorted(set(content) - known)
    if unknown:
        raise ConfigError(f"{path}: unknown settings {', '.join(unknown)}; known: {sorted(known)}")
    return content


def _cast(name: str, value: Any, type_: Any, at: str) -> Any:
    if name in YEARS_KEPT and (fault := years_fault(str(value))):
        raise ConfigError(f"{at}: {name} is {value!r}: {fault}")
    if type_ is bool and isinstance(value, str):
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if value.casefold() not in words:
            raise ConfigError(f"{at}: {name} is {value!r}: write true or false")
        return words[value.casefold()]
    try:
        return type_(value)
    except (TypeError, ValueError):
        raise ConfigError(f"{at}: {name} is {value!r}: write a whole number") from None


def weaknesses(config: Config) -> list[str]:
    """What is unsafe for a site that others can reach, each a sentence with its remedy."""
    risks = []
    if advice := secret_key.advice(config.secret_key):
        risks.append(advice)
    if config.insecure_cookies:
        risks.append("insecure_cookies is on: serve over https and turn it off")
    if config.base_url and not config.base_url.startswith("https://"):
        risks.append(f"base_url is {config.base_url!r}: it should begin with https://")
    if config.tile_url and not config.tile_attribution:
        risks.append("tile_url is set without tile_attribution: map makers' licences require it")
    if config.smtp_host and not config.mail_from:
        risks.append("smtp_host is set without mail_from: no mail can be sent")
    if config.smtp_host and not config.base_url:
        risks.append("base_url is not set: mails can say a reference, but hold no link")
    if 0 < len(config.metrics_token) < 32:
        risks.append("metrics_token is short: give it 32 characters or more, as for the secret key")
    if config.smtp_password and not config.smtp_starttls:
        risks.append("smtp_starttls is off: the mail server's password travels in the open")
    return [
        *risks,
        *_text_message_weaknesses(config),
        *_database_weaknesses(config),
        *_sso_weaknesses(config),
    ]


def _text_message_weaknesses(config: Config) -> list[str]:
    if bool(config.notify_api_key) != bool(config.notify_template_id):
        return ["notify_api_key and notify_template_id go together: no text message can be sent"]
    if config.notify_api_key and not config.base_url:
        return ["base_url is not set: no text message goes out without a link that stops them"]
    return []


def _database_weaknesses(config: Config) -> list[str]:
    """A password and the whole record on a network, unless libpq is told to insist on TLS."""
    from sqlalchemy import make_url  # not at the start: --help needs none of it
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(config.database_url)
    except ArgumentError:
        return []  # whoever opens the store says so
    hosts = [url.host or "", *_listed(url.query.get("host", ()))]
    is_remote = not all(_is_this_machine(host) for host in hosts)
    mode = next(iter(_listed(url.query.get("sslmode", "prefer"))))
    if url.get_backend_name() != "postgresql" or not is_remote or mode in ENCRYPTED:
        return []
    where = url.host or hosts[-1]
    risk = f"the connection to PostGIS at {where} may be unencrypted (sslmode is {mode}): "
    return [risk + "add ?sslmode=verify-full to the database's address, or at least require"]


def _listed(value: str | Sequence[str]) -> list[str]:
    return value.split(",") if isinstance(value, str) else [*value]


def _is_this_machine(host: str) -> bool:
    """Loopback, or the folder of a socket."""
    return host in {"", "localhost", "::1"} or host.startswith(("/", "127."))


def _sso_weaknesses(config: Config) -> list[str]:
    if not config.sso_issuer:
        return []
    risks = []
    if not config.sso_client_id:
        risks.append("sso_issuer is set without sso_client_id: nobody can sign in there")
    if not config.sso_issuer.startswith("https://"):
        risks.append(f"sso_issuer is {config.sso_issuer!r}: it should begin with https://")
    if not config.base_url:
        risks.append("base_url is not set: the sign-in service is told the address that was asked")
    return risks
