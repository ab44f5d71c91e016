"""Everything public, kept over 26 months: released once, and no small count comes out of it."""

import csv
import io
import json
import re
import threading
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from click.testing import CliRunner
from flask.testing import FlaskClient
from scipy.optimize import linprog
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.models import FigureRelease, Incident
from geodata.store.engine import Store
from tests.web.conftest import make_app
from tests.web.page import Page
from web.commands.results.releases import releases
from web.services.background.tick_settings import TickSettings
from web.services.background.ticking import tick
from web.services.mail.letters import Sender
from web.services.publishing.releasing import release_due

MONTHS = 26
WARDS = ("North", "South", "Mid", "Hill", "Dock")
MANY_SMALL = (5.0, 1.2, 0.3, 0.15, 0.05, 0.05)  # a month, the last outside every ward
ONE_SMALL = (4.0, 3.0, 1.0, 0.2, 2.0)  # and everybody knows that nothing lies outside
SETTINGS = TickSettings(Sender("Testford", ""))


def month(n: int) -> date:
    return date(2024 + n // 12, n % 12 + 1, 1)


def centre(ward: int) -> shapely.Point:
    return shapely.Point(552_500 + 1_000 * ward, 173_500)


class Borough:
    """What really happened: a count of each ward and month, with what came to light later."""

    def __init__(self, store: Store, rates: tuple[float, ...], seed: int) -> None:
        self.store, self.random, self.number = store, np.random.default_rng(seed), 0
        self.rates = rates
        with store.writing() as session:
            for n, name in enumerate(WARDS):
                box = centre(n).buffer(500, cap_style="square")
                places.add(session, PlaceKind.WARD, name, box)
            every = shapely.box(552_000, 173_000, 558_000, 174_000)
            places.add(session, PlaceKind.BOROUGH, "Testford", every)

    def add(self, ward: int, n: int) -> None:
        self.number += 1
        told_at = datetime(month(n).year, month(n).month, 1 + self.number % 27, 12, tzinfo=UTC)
        due_at = told_at + timedelta(days=2)
        has_cleared = bool(self.random.random() < 0.8)
        with self.store.writing() as session:
            session.add(
                Incident(
                    key=f"K{self.number}",
                    geometry=centre(ward),
                    first_reported_at=told_at,
                    last_reported_at=told_at,
                    reports=1,
                    state="cleared" if has_cleared else "open",
                    due_at=due_at,
                    closed_at=told_at + timedelta(days=1) if has_cleared else None,
                )
            )

    def live(self, n: int) -> None:
        """A month goes by; some of what it brings is of earlier months, and some was misplaced."""
        for ward, count in enumerate(self.random.poisson(self.rates)):
            for _ in range(count):
                self.add(ward, max(n - int(self.random.geometric(0.8)) + 1, 0))
        with self.store.writing() as session:
            known = session.scalars(select(Incident).order_by(Incident.id)).all()
            if known and self.random.random() < 0.5:
                known[self.random.integers(len(known))].geometry = centre(
                    int(self.random.integers(len(self.rates)))
                )

    def counts(self) -> dict[tuple[int, str], int]:
        """Incidents by ward (the last is outside) and month."""
        incidents: dict[tuple[int, str], int] = defaultdict(int)
        with self.store.reading() as session:
            for row in session.scalars(select(Incident)):
                ward = int(row.geometry.x - 552_000) // 1_000
                incidents[ward, f"{row.first_reported_at:%Y-%m}"] += 1
        return incidents


class Kept:
    """What somebody keeps who fetches everything public each month: values by period and area."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], list[int | None]] = defaultdict(list)

    def note(self, period: str, area: str, value: str | int | None) -> None:
        text = str(value)
        number = int(text) if re.fullmatch(r"\d+", text) else None
        if number not in self.values[period, area]:
            self.values[period, area].append(number)

    def fetch(self, client: FlaskClient) -> None:
        self._files(client)
        page = Page.of(client.get("/"))
        for table in page.tables:
            if match := re.fullmatch(r"By ward, (\d{4})", table.caption):
                for row in table.rows:
                    self.note(match[1], row["Ward"], row["Reported"])
        for row in page.table("By month, the whole borough").rows:
            if row["Month"][:2] != "No" and row["Reported"] != "No record":
                day = datetime.strptime(row["Month"], "%B %Y")  # noqa: DTZ007
                self.note(f"{day:%Y-%m}", "borough", row["Reported"])
        self._feed(client)
        year = max((p for p, a in self.values if a in WARDS), default="")
        for feature in client.get("/wards.geojson").get_json()["features"]:
            facts = feature["properties"]
            if facts["shown"] != "Not released yet":
                self.note(year, facts["name"], facts["shown"])

    def _files(self, client: FlaskClient) -> None:
        in_json = client.get("/figures.json").get_json()["figures"]
        in_csv = list(csv.DictReader(io.StringIO(client.get("/figures.csv").text)))
        for record in [*in_json, *in_csv]:
            area = record["area"] if record["area"] in WARDS else "borough"
            self.note(record["period"], area, record["reported"])

    def _feed(self, client: FlaskClient) -> None:
        atom = "{http://www.w3.org/2005/Atom}"
        for entry in ElementTree.fromstring(client.get("/feed.atom").data).iter(f"{atom}entry"):
            period = (entry.findtext(f"{atom}id") or "").split("#")[1]
            words = entry.findtext(f"{atom}summary") or ""
            if len(period) == 4:
                for ward, count in re.findall(r"(\w+): ([^.]+)\.", words):
                    self.note(period, ward, count)
            else:
                self.note(period, "borough", re.search(r"Reported: ([^.]+)\.", words)[1])


def bounds(kept: Kept, year: str, n: int) -> dict[tuple[int, str], tuple[float, float]]:
    """Least and most of each of n areas' month and year (month ""), by linear programming.

    Unknown is each ward's month. Each stands in one sum over wards and in one over months: a
    transportation problem, whose matrix is totally unimodular, so that these are the bounds of
    whole numbers too. The attacker takes the last word on each month.
    """
    months = sorted(p for p, area in kept.values if p[:5] == f"{year}-" and area == "borough")
    at = {(w, m): w * len(months) + k for w in range(n) for k, m in enumerate(months)}
    rows, sums = [], []
    most = np.full(len(at), 1e4)
    for m in months:
        cells = [at[w, m] for w in range(n)]
        if (total := kept.values[m, "borough"][-1]) is None:
            most[cells] = 4  # a month is withheld where its whole is under five
        else:
            rows.append(np.isin(np.arange(len(at)), cells))
            sums.append(total)
    for w, ward in enumerate(WARDS):
        if (ward_sum := kept.values.get((year, ward), [None])[-1]) is not None:
            rows.append(np.isin(np.arange(len(at)), [at[w, m] for m in months]))
            sums.append(ward_sum)
    wanted = {(w, m): np.eye(len(at))[at[w, m]] for w, m in at}
    for w in range(n):
        wanted[w, ""] = sum(wanted[w, m] for m in months)
    equal = {"A_eq": np.array(rows, float), "b_eq": sums} if rows else {}
    box = list(zip(np.zeros(len(at)), most, strict=True))
    limits = {}
    for cell, row in wanted.items():
        least, greatest = (
            linprog(sign * row, **equal, bounds=box, method="highs").fun * sign for sign in (1, -1)
        )
        limits[cell] = (round(least), round(greatest))
    return limits


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("rates", [MANY_SMALL, ONE_SMALL])
def test_who_keeps_everything_for_26_months_learns_no_small_count(
    geopackage: Store, rates: tuple[float, ...], seed: int
) -> None:
    borough, kept = Borough(geopackage, rates, seed), Kept()
    client = make_app(geopackage).test_client()
    at_release: dict[str, dict[tuple[int, str], int]] = {}
    for n in range(MONTHS):
        borough.live(n)
        after = month(n + 1)
        now = datetime(after.year, after.month, 3, 4, tzinfo=UTC)
        with geopackage.writing() as session:
            made = release_due(session, now=now)
        at_release |= {name: borough.counts() for name in made if len(name) == 4}
        kept.fetch(client)
    assert list(at_release) == ["2024", "2025"]
    for (period, area), notes in kept.values.items():
        assert len(notes) <= (1 if area in WARDS else 2), (period, area, notes)  # once, and revised
        assert not {1, 2, 3, 4} & set(notes), (period, area, notes)
    small = 0
    for year, truth in at_release.items():
        for (ward, m), (least, most) in bounds(kept, year, len(rates)).items():
            months = [m] if m else [f"{year}-{k:02}" for k in range(1, 13)]
            count = sum(truth[ward, each] for each in months)
            assert least <= count <= most  # the attacker reckons rightly
            if count < 5:
                small += 1
                assert least < most, (year, ward, m, count)
    assert small > 50  # there was something to protect
    shown = [notes for (_, area), notes in kept.values.items() if area in WARDS and notes[-1]]
    assert shown  # and something to show


def test_the_attack_finds_what_a_careless_page_gives_away() -> None:
    kept = Kept()
    kept.note("2024-01", "borough", 20)
    for ward, count in zip(WARDS, (9, 6, 5, 0, 0), strict=True):
        kept.note("2024", ward, count)
    assert bounds(kept, "2024", len(WARDS))[3, "2024-01"] == (0, 0)


def one_month(store: Store, day: datetime, count: int, *, cleared: int = 0, late: int = 0) -> None:
    with store.writing() as session:
        for n in range(count):
            is_done = n < cleared + late
            session.add(
                Incident(
                    key=f"{day:%m}-{n}",
                    geometry=shapely.Point(553_000, 174_000),
                    first_reported_at=day,
                    last_reported_at=day,
                    reports=1,
                    state="cleared" if is_done else "open",
                    due_at=day + timedelta(days=2),
                    closed_at=day + timedelta(days=1 if n < cleared else 5) if is_done else None,
                )
            )


OCTOBER = datetime(2026, 10, 6, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_the_borough_is_told_in_plain_numbers(council: Store, client: FlaskClient) -> None:
    one_month(council, OCTOBER, 12, cleared=9, late=1)
    tick(council, SETTINGS, clock=lambda: NOVEMBER)
    page = Page.of(client.get("/"))
    assert "In October 2026 12 incidents were reported in the borough." in page.text
    assert "Of 12 that were due to be cleared, 9 were cleared in time (75%)." in page.text
    rows = page.table("By month, the whole borough").rows
    assert [row["Cleared in time"] for row in rows] == ["9 of 12 (75%)"]
    assert [row["Cleared"] for row in rows] == ["10"]


def test_a_ward_is_told_as_a_share_where_ten_fell_due(council: Store, client: FlaskClient) -> None:
    one_month(council, OCTOBER, 20, cleared=15)
    with council.writing() as session:
        for n in range(7):
            session.scalars(
                select(Incident).where(Incident.key == f"10-{n}")
            ).one().geometry = shapely.Point(555_000, 174_000)
        release_due(session, now=datetime(2027, 2, 2, 9, tzinfo=UTC))
    rows = Page.of(client.get("/")).table("By ward, 2026").rows
    # West: 13 fell due, of which 8 in time; East: 7, all in time, but seven are too few
    by_ward = {row["Ward"]: (row["Reported"], row["Cleared in time"]) for row in rows}
    assert by_ward == {"West": ("13", "62%"), "East": ("7", "Too few to show")}


def test_a_released_month_stands_and_its_correction_comes_with_the_year(
    council: Store, client: FlaskClient
) -> None:
    one_month(council, OCTOBER, 12, cleared=9)
    tick(council, SETTINGS, clock=lambda: NOVEMBER)
    before = client.get("/figures.json").data, client.get("/wards.geojson").data
    with council.writing() as session:
        row = session.scalars(select(Incident).where(Incident.key == "10-0")).one()
        row.first_reported_at -= timedelta(days=20)  # it was September's
    tick(council, SETTINGS, clock=lambda: NOVEMBER + timedelta(days=20))
    figures = client.get("/figures.json").get_json()["figures"]
    assert {r["period"]: r["reported"] for r in figures}["2026-10"] == 12
    assert before[1] == client.get("/wards.geojson").data
    tick(council, SETTINGS, clock=lambda: datetime(2027, 2, 3, 9, tzinfo=UTC))
    figures = client.get("/figures.json").get_json()["figures"]
    october = next(r for r in figures if r["period"] == "2026-10")
    assert (october["reported"], bool(october["revised_at"])) == (11, True)


def test_a_month_without_a_record_is_not_nothing(council: Store, client: FlaskClient) -> None:
    one_month(council, datetime(2026, 8, 3, 12, tzinfo=UTC), 6)
    one_month(council, OCTOBER, 7)
    tick(council, SETTINGS, clock=lambda: NOVEMBER)
    rows = Page.of(client.get("/")).table("By month, the whole borough").rows
    assert [(row["Month"], row["Reported"]) for row in rows] == [
        ("August 2026", "6"),
        ("September 2026", "No record"),
        ("October 2026", "7"),
    ]


def test_ticks_at_once_release_a_month_once(council: Store) -> None:
    one_month(council, OCTOBER, 12)
    barrier = threading.Barrier(3)

    def release() -> None:
        barrier.wait()
        with council.writing() as session:
            release_due(session, now=NOVEMBER)

    threads = [threading.Thread(target=release) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with council.reading() as session:
        assert session.scalar(select(func.count()).select_from(FigureRelease)) == 1


@pytest.mark.parametrize(
    "change", ["UPDATE figure_release SET period = 'x'", "DELETE FROM figure_release"]
)
def test_the_store_refuses_to_change_what_was_published(council: Store, change: str) -> None:
    one_month(council, OCTOBER, 12)
    with council.writing() as session:
        release_due(session, now=NOVEMBER)
    with pytest.raises(DBAPIError, match="append-only"), council.writing() as session:
        session.execute(text(change))


def test_the_running_month_is_not_released(council: Store) -> None:
    one_month(council, OCTOBER, 12)
    last_minute = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)
    with council.writing() as session:
        assert release_due(session, now=last_minute) == []
        assert release_due(session, now=last_minute + timedelta(minutes=1)) == ["2026-10"]
        assert release_due(session, now=last_minute + timedelta(minutes=2)) == []


def test_a_command_says_what_was_released_when(
    council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_month(council, OCTOBER, 12)
    with council.writing() as session:
        release_due(session, now=NOVEMBER)
    url = council.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    result = CliRunner().invoke(releases, [])
    assert result.output == "month  2026-10  released 2026-11-02 09:00\n"
    printed = json.loads(CliRunner().invoke(releases, ["--json"]).output)
    assert printed[0]["cells"]["reported"] == 12
