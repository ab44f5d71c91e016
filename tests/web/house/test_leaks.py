"""Two councils attacked: what stands in one's store comes out of no page of the other.

In every table of the western council a row is planted whose texts are a marker, past all checks.
Then every address of the eastern site is asked, by its own admin and by the western council's
people with all the keys they have. Addresses carry the keys of the western rows, never the marker.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, func, select
from werkzeug.test import Client

from geodata.accounts import api_keys, users
from geodata.core.types import Document, Geometry, UTCDateTime
from geodata.core.vocabulary import Scope, Source
from geodata.models import Base, Report
from geodata.store.engine import Store
from tests.web.house.houses import EAST, WEST, add_user, signed_in, store_of
from web.clock import utc_now
from web.documents.icalendar import calendar_token
from web.house.dispatch import Dispatcher
from web.house.house_file import House
from web.services.reporting.intake import NewReport, take_report

MARKER = "zqwestmarker"
KEY = 4_711
THERE = shapely.Point(555_000, 174_000)
"""In the eastern borough: nothing but its store keeps a row of the west out of the east's maps."""
QUERY = "?ward=4711&run=4711&to=2026-09&text=a&per_page=9"
ROLES = ("partner", "contractor", "officer", "manager", "admin", "member")
NOT_ASKED = {"accounts.sign_out", "health.ready"}
"""The first ends the session; the other says 503, since no tick was ever done here."""
ARGUMENT = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


def value_of(column: Column[Any]) -> object:
    """A value of a column's kind: the key of the planted rows, or the marker."""
    kind = column.type
    if isinstance(kind, Geometry):
        return THERE
    if isinstance(kind, Document):
        return {MARKER: MARKER}
    if isinstance(kind, UTCDateTime):
        return utc_now() - timedelta(days=1)
    if isinstance(kind, Date):
        return date(2020, 1, 1)
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer | Float):
        return KEY
    return MARKER.encode() if isinstance(kind, LargeBinary) else MARKER


def plant(store: Store) -> None:
    """A row in each table, whatever the table's checks and references say."""
    with store.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA ignore_check_constraints=ON")
        for table in Base.metadata.sorted_tables:
            row = {column.name: value_of(column) for column in table.columns}
            connection.execute(table.insert().values(row))
        connection.commit()
    with store.reading() as session:
        for table in Base.metadata.sorted_tables:
            assert session.scalar(select(func.count()).select_from(table)), table.name
    store.engine.dispose()


class Keys:
    """What people of the west hold that opens something there."""

    def __init__(self, house: House) -> None:
        site = house.site(WEST)
        for role in ROLES:
            add_user(site, role, role, may_read_enforcement=True)
        new = NewReport(
            shapely.Point(553_000, 174_000),
            Source.PUBLIC.value,
            "web",
            utc_now(),
            description=MARKER,
        )
        with store_of(site) as store, store.writing() as session:
            self.reference = take_report(session, new, now=utc_now()).reference
            self.api_key, _ = api_keys.add(
                session,
                "A system",
                [*Scope],
                contractor=None,
                per_minute=1_000,
                ends_at=utc_now() + timedelta(days=9),
                user_id=None,
                now=utc_now(),
            )
            self.admin = users.find(session, "admin")


@pytest.fixture
def keys(house: House) -> Keys:
    return Keys(house)


def addresses(dispatcher: Dispatcher, house: House, texts: list[str]) -> Iterator[str]:
    """Every address of the eastern site that can be got, its arguments keys of western rows."""
    site = house.site(EAST)
    for rule in dispatcher.sites.app(site).url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_ASKED:
            continue
        is_text = any(kind != "int" for kind, _ in ARGUMENT.findall(rule.rule))
        for text in texts if is_text else texts[:1]:
            path = ARGUMENT.sub(lambda m, t=text: str(KEY) if m[1] == "int" else t, rule.rule)
            yield f"{site.prefix}{path}"


def answers(client: Client, paths: Iterator[str], **headers: str) -> Iterator[tuple[str, int]]:
    """Address and status of each; none holds the marker, in its text or in its headers."""
    for path in paths:
        with client.get(path + QUERY, headers=headers) as answer:
            assert answer.status_code < 500, path
            assert MARKER.encode() not in answer.data, path
            assert MARKER not in str(answer.headers), path
            yield path, answer.status_code


def test_nothing_of_one_council_comes_out_of_another(
    house: House, dispatcher: Dispatcher, keys: Keys
) -> None:
    of_west = signed_in(dispatcher, house.site(WEST), "admin")
    at_home = of_west.get(f"/westford/officer/incidents/{keys.reference}")
    assert MARKER in at_home.text  # what is looked for can be found
    with store_of(house.site(WEST)) as store:
        plant(store)
    with dispatcher.sites.app(house.site(WEST)).app_context():
        tokens = [calendar_token(kind, keys.admin) for kind in ("shifts", "deadlines")]
    texts = [keys.reference, *tokens]
    paths = [*addresses(dispatcher, house, texts)]
    assert len(paths) > 150

    add_user(house.site(EAST), "jo", "admin")
    by_own_admin = dict(answers(signed_in(dispatcher, house.site(EAST), "jo"), iter(paths)))
    assert sum(status == 200 for status in by_own_admin.values()) > 60

    cookie = of_west.get_cookie("hotspots-e07000107", path="/westford")
    assert cookie is not None
    of_west.set_cookie("hotspots-e07000109", cookie.value, path="/")
    by_west = dict(answers(of_west, iter(paths)))
    # With all that the west's admin holds, the east opens what it opens to anybody.
    opened = {path for path, status in by_west.items() if status == 200}
    assert dict(answers(Client(dispatcher), iter(sorted(opened)))) == dict.fromkeys(opened, 200)

    bearer = f"Bearer {keys.api_key}"
    machines = [p for p in paths if "/api" in p or "/ogc" in p or "/open311" in p]
    by_key = dict(answers(Client(dispatcher), iter(machines), Authorization=bearer))
    assert set(by_key.values()) <= {200, 302, 400, 401, 404, 405, 429}  # too many wrong keys
    assert {path for path, status in by_key.items() if status == 200} <= opened


@pytest.mark.parametrize("role", ROLES)
def test_nobody_of_one_council_is_signed_in_at_another(
    house: House, dispatcher: Dispatcher, keys: Keys, role: str
) -> None:
    client = signed_in(dispatcher, house.site(WEST), role)
    cookie = client.get_cookie("hotspots-e07000107", path="/westford")
    assert cookie is not None
    client.set_cookie("hotspots-e07000109", cookie.value, path="/eastham")
    assert client.get("/westford/account").status_code == 200
    assert client.get("/eastham/account").location.startswith("/eastham/sign-in")


def test_no_form_of_the_east_changes_a_row_of_the_west(
    house: House, dispatcher: Dispatcher, keys: Keys
) -> None:
    add_user(house.site(EAST), "jo", "admin")
    client = signed_in(dispatcher, house.site(EAST), "jo")
    site = house.site(EAST)
    with store_of(house.site(WEST)) as store, store.reading() as session:
        before = [repr(row) for row in session.execute(select(Report.__table__))]
    for path in ("remove-details", "still-there"):
        assert client.post(f"{site.prefix}/track/{keys.reference}/{path}").status_code == 404
    decide = f"{site.prefix}/officer/incidents/{keys.reference}/reopen"
    assert client.post(decide, data={"reason": "Seen again"}).status_code == 404
    with store_of(house.site(WEST)) as store, store.reading() as session:
        assert [repr(row) for row in session.execute(select(Report.__table__))] == before
