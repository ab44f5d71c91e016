"""What a new store still lacks before it can serve a council, each with where to mend it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from geodata import places
from geodata.accounts import users
from geodata.clearances.contracts import firms_of
from geodata.core.vocabulary import PlaceKind, Role
from geodata.enforcement import issuers, orders
from geodata.rules import council
from geodata.rules.clearances.service_level import service_clock
from geodata.rules.days import date_in_words, local_day
from geodata.rules.enforcement.deadlines import length_words
from geodata.rules.enforcement.warnings import PERIOD
from geodata.store import background, settings
from web.config import Config


class StepState(StrEnum):
    """Whether a step is done; what nobody confirmed is to be looked at, and holds nobody up."""

    DONE = "done"
    MISSING = "missing"
    TO_CHECK = "to_check"


@dataclass(frozen=True)
class Step:
    """One thing to set up.

    Attributes
    ----------
    page
        Address where a manager does it; None where whoever runs the program does.
    command
        What does the same on the server.
    """

    name: str
    title: str
    state: StepState
    detail: str
    page: str | None
    command: str


@dataclass(frozen=True)
class Context:
    """What every step looks at."""

    session: Session
    config: Config
    day: date
    now: datetime


Finding = tuple[StepState, str]
DONE, MISSING, TO_CHECK = StepState.DONE, StepState.MISSING, StepState.TO_CHECK


def steps(session: Session, config: Config, *, now: datetime) -> list[Step]:
    """Every step in the order in which they are best taken.

    Parameters
    ----------
    config
        Settings in force, with those of the store.
    """
    context = Context(session, config, local_day(now), now)
    return [
        Step(name, title, *find(context), page, command)
        for name, title, find, page, command in _STEPS
    ]


def _name(context: Context) -> Finding:
    name = context.config.council_name or settings.read(context.session, settings.COUNCIL_NAME, "")
    return (DONE, name) if name else (MISSING, "Pages and mails say Your council")


def _area(context: Context) -> Finding:
    area = places.borough(context.session, context.day)
    if area is None:
        return MISSING, "Reports from anywhere are taken, and nothing can be detected"
    return DONE, f"{area.area / 1e6:.2f} km²"


def _wards(context: Context) -> Finding:
    n = _count_places(context, PlaceKind.WARD)
    return (DONE, f"{n} wards") if n else (MISSING, "Figures by ward are empty")


def _places(context: Context) -> Finding:
    n = _count_places(context, *(kind for kind in PlaceKind if kind not in places.AREA_KINDS))
    if not n:
        return TO_CHECK, "No car park, park or station is known by name"
    return DONE, f"{n} named places"


def _count_places(context: Context, *kinds: str) -> int:
    return len(context.session.scalars(places.current(context.day, *kinds)).all())


def _promise(context: Context) -> Finding:
    level = service_clock(context.session).level(context.now)
    words = f"{level.days} {level.calendar} days"
    if level.is_verified:
        return DONE, words
    words += ", which nobody at the council has confirmed"
    return TO_CHECK, words + _to_come(context, "service_level")


def _to_come(context: Context, table: str, key: str | None = None) -> str:
    """What stands beside a step whose row is entered for a later day."""
    on = council.rulebook(context.session)[table].next_day(context.day, key)
    return f". What was entered holds from {date_in_words(on)}" if on else ""


def _holidays(context: Context) -> Finding:
    rows = council.rulebook(context.session)["working_days"].rows
    days = sum(
        ((row.valid_to or row.valid_from) - row.valid_from).days + 1
        for row in rows
        if row.valid_from
    )
    own = "1 day" if days == 1 else f"{days} days"
    return DONE, f"England's bank holidays, and {own} of the council's own"


def _contractor(context: Context) -> Finding:
    firms = sorted(firms_of(context.session, context.day))
    if firms:
        return DONE, ", ".join(firms)
    return MISSING, "No contract holds today: every crew sees every job"


def _orders(context: Context) -> Finding:
    standing = orders.in_force(context.session, context.day)
    if standing:
        return DONE, f"{len(standing)} in force today"
    return TO_CHECK, "None is in force: right where the council has made none"


def _amounts(context: Context) -> Finding:
    row = council.rulebook(context.session)["council_amount"].on(context.day, "litter_fpn")
    if row is None:
        words = "The law's default is asked for litter until the council's is entered"
        return MISSING, words + _to_come(context, "council_amount", "litter_fpn")
    return DONE, f"£{row['amount_pence'] / 100:,.2f} for litter ({row['decision']})"


def _warnings(context: Context) -> Finding:
    row = council.rulebook(context.session)["periods"].on(context.day, PERIOD)
    if row is None:
        words = "How long a warning can be followed by a notice is not set"
        words += ": until then no community protection notice can be recorded"
        return TO_CHECK, words + _to_come(context, "periods", PERIOD)
    return DONE, f"A notice may follow a warning for {length_words(row)}"


def _letters(context: Context) -> Finding:
    rules = council.rulebook(context.session)
    if rules["payment_details"].on(context.day) is None:
        words = "Notices print blank lines for where to pay"
        return TO_CHECK, words + _to_come(context, "payment_details")
    texts = (rules["letters"].on(context.day, kind) for kind in ("litter_fpn", "keeper_penalty"))
    if any(text is None or not text.is_verified for text in texts):
        return TO_CHECK, "Where to pay is entered; the texts are the program's own still"
    return DONE, "Where to pay, and the council's own texts"


def _law(context: Context) -> Finding:
    tables = council.rulebook(context.session).tables.values()
    n = sum(not row.is_verified for table in tables for row in table.rows)
    if not n:
        return DONE, "Every row was compared with its source"
    return TO_CHECK, f"{n} rows were compared with no source yet: read them before the first notice"


def _issuers(context: Context) -> Finding:
    able = [
        issuer
        for issuer in issuers.every(context.session)
        if issuers.powers_on(context.session, issuer.id, context.day)
    ]
    if able:
        return DONE, f"{len(able)} with an authority that holds today"
    return MISSING, "Nobody is authorised in writing: no notice can be recorded"


def _enforcers(context: Context) -> Finding:
    able = [one for one in users.active(context.session, *Role) if one.may_read_enforcement]
    if able:
        accounts = "1 account, which" if len(able) == 1 else f"{len(able)} accounts, which"
        return DONE, f"{accounts} may give it to others on the page Accounts"
    return MISSING, "No account: nobody can enter an order or who may issue notices"


def _accounts(context: Context) -> Finding:
    needed = {Role.MANAGER: "manager", Role.OFFICER: "officer", Role.CONTRACTOR: "crew"}
    absent = [word for role, word in needed.items() if not users.active(context.session, role)]
    if absent:
        return MISSING, f"There is no {', no '.join(absent)}"
    return DONE, "Managers, officers and crews"


def _mail(context: Context) -> Finding:
    config = context.config
    if not (config.smtp_host and config.mail_from):
        return MISSING, "Mails wait in the outbox: no mail server or sender is set"
    return DONE, f"From {config.mail_from}"


def _addresses(context: Context) -> Finding:
    named = {"csu_email": "overdue work", "contractor_email": "the contractor"}
    absent = [words for name, words in named.items() if not getattr(context.config, name)]
    if absent:
        return MISSING, f"No mail address for {' and '.join(absent)}"
    return DONE, f"{context.config.csu_email}, {context.config.contractor_email}"


def _privacy(context: Context) -> Finding:
    config = context.config
    if not config.data_protection_email:
        return MISSING, "The privacy notice names no data protection officer"
    if not (config.contact_email or config.contact_phone):
        return MISSING, "The privacy notice says only: the council's usual address"
    return DONE, config.data_protection_email


def _address_of_the_site(context: Context) -> Finding:
    if not context.config.base_url:
        return MISSING, "Mails and posters cannot say where the site is"
    return DONE, context.config.base_url


def _backups(context: Context) -> Finding:
    made = background.backups(context.session)
    if not made:
        return TO_CHECK, "None made by hotspots backup is known"
    return DONE, f"The last on {max(at for _, at in made):%-d %B %Y}"


_STEPS: tuple[tuple[str, str, Callable[[Context], Finding], str | None, str], ...] = (
    ("name", "Name of the council", _name, "/admin/settings", "hotspots settings --council-name"),
    ("area", "Area of the borough", _area, "/admin/area", "hotspots init --area"),
    ("wards", "Wards", _wards, "/admin/area", "hotspots init --area"),
    (
        "places",
        "Car parks, parks and stations",
        _places,
        "/officer/imports",
        "hotspots import places",
    ),
    (
        "promise",
        "The clearance promise",
        _promise,
        "/admin/rules/service_level",
        "hotspots rules service_level",
    ),
    (
        "working_days",
        "Working days and holidays",
        _holidays,
        "/admin/rules/working_days",
        "hotspots rules working_days",
    ),
    ("contractor", "The contractor", _contractor, "/admin/contracts", "hotspots contracts"),
    (
        "amounts",
        "Amounts of notices",
        _amounts,
        "/admin/rules/council_amount",
        "hotspots rules council_amount",
    ),
    (
        "warning_standing",
        "Community protection warnings",
        _warnings,
        "/admin/rules/periods",
        "hotspots rules periods",
    ),
    (
        "letters",
        "Notices and letters",
        _letters,
        "/admin/rules/payment_details",
        "hotspots rules payment_details",
    ),
    ("law", "The law's tables", _law, "/admin/rules", "hotspots rules"),
    (
        "enforcers",
        "Who may read enforcement data",
        _enforcers,
        None,
        "hotspots user permission NAME --enforcement",
    ),
    ("orders", "Orders (PSPO)", _orders, "/enforcement/orders", "hotspots import orders"),
    ("issuers", "Who may issue notices", _issuers, "/enforcement/issuers", ""),
    ("accounts", "Accounts", _accounts, "/admin/accounts", "hotspots user"),
    ("mail", "Mail server", _mail, None, "HOTSPOTS_SMTP_HOST, HOTSPOTS_MAIL_FROM"),
    (
        "addresses",
        "Whom mails reach",
        _addresses,
        "/admin/contacts",
        "hotspots settings --set",
    ),
    (
        "privacy",
        "Privacy contact",
        _privacy,
        "/admin/contacts",
        "hotspots settings --set",
    ),
    ("site", "Public address", _address_of_the_site, None, "HOTSPOTS_BASE_URL"),
    ("backups", "Backups", _backups, None, "hotspots backup"),
)
