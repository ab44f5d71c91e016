"""The partnership's table: verdicts by hand and by SciPy, and every number from the store anew."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from math import comb

import pytest
import shapely
from flask.testing import FlaskClient
from scipy import stats
from sqlalchemy import func, select

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.models import (
    AuditEntry,
    Incident,
    Indicator,
    Observation,
    PatrolVisit,
    Place,
    Population,
    PosterEvent,
    PosterSite,
    Report,
    RuleRow,
)
from geodata.rules.days import corresponding_day
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.desk import store_incidents
from tests.web.page import Page
from tests.web.partnership.tables import (
    COUNTY,
    LAST,
    NEXT_DOOR,
    OWN,
    PEOPLE,
    add_indicator,
    add_people,
)
from web.partnership import comparison

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAGE, FILE = "/officer/partnership", "/officer/partnership/comparison.csv"
PARTNERS, COUNCIL = "Figures of partners", "The council's own figures"


@pytest.fixture
def officer(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(comparison, "utc_now", lambda: NOW)
    return signed_in("officer")


def cell(officer: FlaskClient, name: str, area: str = "Testford", query: str = "") -> str:
    table = Page.of(officer.get(PAGE + query)).table(PARTNERS)
    (row,) = [row for row in table.rows if row["Indicator"].startswith(name)]
    return row[area]


def lines(officer: FlaskClient, query: str = "") -> dict[tuple[str, str], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(officer.get(FILE + query).text))
    return {(row["indicator"], row["area"]): row for row in rows}


def test_a_fall_beyond_chance_is_an_improvement(officer: FlaskClient, council: Store) -> None:
    add_people(council)
    add_indicator(council, "Burglary", {OWN: [10] * 12 + [6] * 12})
    # 120 then 72 of one population: twice the tail of 192 tosses of a fair coin at 72 or fewer.
    p_value = 2 * sum(comb(192, n) for n in range(73)) / 2**192
    line = lines(officer)["Burglary", "Testford"]
    assert float(line["p_value"]) == pytest.approx(p_value, rel=1e-4)
    assert line["verdict"] == "↓ Improvement"
    assert (line["value"], line["value_before"], line["change"]) == ("72", "120", "-48.0")
    # 72 in 100,000 people are 0.72 in 1,000.
    assert (line["rate_per_1000"], line["people"], line["people_year"]) == (
        "0.72",
        "100000",
        "2025",
    )
    words = cell(officer, "Burglary")
    assert words.startswith("72 from 120, -48 (-40%) ↓ Improvement p under 0.001")
    assert "0.72 per 1,000 people, before 1.20" in words


@pytest.mark.parametrize(
    ("polarity", "verdict", "colour"),
    [
        ("less", "↑ Deterioration", "red"),
        ("more", "↑ Improvement", "green"),
        ("neutral", "↑ More", "grey"),
    ],
)
def test_what_a_rise_means_depends_on_which_way_is_better(
    officer: FlaskClient, council: Store, polarity: str, verdict: str, colour: str
) -> None:
    add_indicator(council, "Visits", {OWN: [5] * 12 + [9] * 12}, polarity=polarity)
    page = Page.of(officer.get(PAGE))
    assert verdict in page.table(PARTNERS).rows[0]["Testford"]
    assert page.tag_colours[0] == colour


def test_small_numbers_stay_numbers(officer: FlaskClient, council: Store) -> None:
    add_indicator(council, "Robbery", {OWN: [0] * 10 + [1, 1] + [0] * 9 + [1, 1, 1]})
    words = cell(officer, "Robbery")
    assert words.startswith("3 from 2, +1 ↔ No change p 1.000")
    assert "%" not in words


def test_populations_of_different_size_are_tested_as_rates(
    officer: FlaskClient, council: Store
) -> None:
    add_indicator(council, "Robbery", {OWN: [5] * 12 + [7] * 12})
    with council.writing() as session:
        for year, people in ((2025, 50_000), (2026, 70_000)):
            session.add(Population(area_kind="borough", area="Testford", year=year, people=people))
    line = lines(officer)["Robbery", "Testford"]
    # 60 of 50,000 and 84 of 70,000 are one rate; SciPy's binomial test of 60 among 144 at 5/12.
    expected = stats.binomtest(60, 144, 5 / 12).pvalue
    assert float(line["p_value"]) == pytest.approx(expected, rel=1e-4)
    assert line["verdict"] == "↔ No change"


def test_a_break_in_the_series_stops_the_comparison(officer: FlaskClient, council: Store) -> None:
    months = {OWN: [10] * 12 + [3] * 12, COUNTY: [90] * 24}
    add_indicator(council, "Public order", months, breaks_in=date(2026, 4, 1))
    words = cell(officer, "Public order")
    assert "Not comparable: re-categorised in April 2026" in words
    assert "36 from 120" in words
    assert "Improvement" not in words
    assert "-84" not in words
    # Both windows lie on one side of the break, seen from March 2026.
    assert "not comparable" not in cell(officer, "Public order", query="?to=2026-03").lower()


def test_a_boundary_that_moved_stops_the_comparison(officer: FlaskClient, council: Store) -> None:
    add_indicator(council, "Burglary", {OWN: [10] * 24})
    with council.writing() as session:
        old = session.scalars(select(Place).where(Place.kind == "borough")).one()
        old.valid_to = date(2026, 3, 31)
        moved = {"valid_from": date(2026, 4, 1)}
        places.add(session, PlaceKind.BOROUGH, "Testford", old.geometry.buffer(100), **moved)
    assert "Not comparable: the boundary moved in April 2026" in cell(officer, "Burglary")


def test_a_half_covered_year_is_named_and_not_added_up(
    officer: FlaskClient, council: Store
) -> None:
    add_indicator(council, "Drugs", {OWN: [4] * 20}, last=date(2026, 8, 1))
    words = cell(officer, "Drugs")
    assert words.startswith("Not known from not known")
    assert "Later 12 months: no figure for September 2026, October 2026" in words
    assert "Earlier 12 months: no figure for November 2024, December 2024" in words
    assert "not known" not in cell(officer, "Drugs", query="?to=2026-08").split("No compar")[0][:15]


def test_a_suppressed_month_is_no_zero(officer: FlaskClient, council: Store) -> None:
    add_indicator(council, "Bicycle theft", {OWN: [6] * 23 + [None]})
    with council.writing() as session:
        row = session.scalars(
            select(Observation).where(Observation.first_day == LAST, Observation.value.is_(None))
        ).one()
        row.below = 5
    assert "fewer than 5 in October 2026: the sum is not known" in cell(officer, "Bicycle theft")


def test_quarters_and_whole_years_are_compared_as_published(
    officer: FlaskClient, council: Store
) -> None:
    add_indicator(council, "Fly-tips", {}, source="Defra")
    add_indicator(council, "Satisfaction", {}, unit="percent", polarity="more", source="Survey")
    with council.writing() as session:
        for name, months, values in (
            ("fly-tips", 3, [30, 31, 29, 30, 20, 22, 21, 17]),
            ("satisfaction", 12, [61.5, 64.0]),
        ):
            key = session.scalars(select(Indicator.id).where(Indicator.key == name)).one()
            for n, value in enumerate(values):
                session.add(
                    Observation(
                        indicator_id=key,
                        area_kind="borough",
                        area="Testford",
                        first_day=corresponding_day(date(2024, 11, 1), n * months),
                        months=months,
                        value=value,
                        is_provisional=False,
                        is_break=False,
                    )
                )
    assert cell(officer, "Fly-tips").startswith("80 from 120, -40 (-33%) ↓ Improvement")
    words = cell(officer, "Satisfaction")
    assert words.startswith("64.0% from 61.5%, +2.5 percentage points")
    assert "Not tested: published in percent, without counts" in words


def test_a_month_that_is_not_over_is_refused(officer: FlaskClient) -> None:
    answer = officer.get(PAGE + "?to=2026-11")
    assert answer.status_code == 409
    assert "November 2026 cannot be the last month" in answer.text
    assert officer.get(PAGE + "?to=soon").status_code == 409


def test_areas_stand_side_by_side_and_can_be_chosen(officer: FlaskClient, council: Store) -> None:
    add_indicator(council, "Robbery", {COUNTY: [50] * 24, NEXT_DOOR: [4] * 24, OWN: [5] * 24})
    table = Page.of(officer.get(PAGE)).table(PARTNERS)
    assert table.columns == ["Indicator", "Testford", "Gravesham", "Kent"]
    chosen = Page.of(officer.get(PAGE + "?area=county:Kent&area=county:Nowhere")).table(PARTNERS)
    assert chosen.columns == ["Indicator", "Kent"]


def test_a_spike_and_a_trend_are_named(officer: FlaskClient, council: Store) -> None:
    flat = [20, 21, 19, 20, 22, 18] * 4
    spiked = [*flat[:-2], 60, flat[-1]]
    rising = [10 + n for n in range(24)]
    add_indicator(council, "Spiked", {OWN: spiked})
    add_indicator(council, "Rising", {OWN: rising})
    add_indicator(council, "Flat", {OWN: flat})
    # The two years before have a mean of 20: Poisson counts lie above this in 1 of 741 months.
    limit = stats.poisson.ppf(1 - 1 / 741, 20)
    assert f"Spike in September 2026 (above {limit:.0f})" in cell(officer, "Spiked")
    assert "Trend up" in cell(officer, "Rising")
    # What is the same nearly everywhere is said once, below, and kept in the spreadsheet.
    assert "either spike nor trend" not in cell(officer, "Flat")
    assert "says nothing of this, its months show neither" in officer.get(PAGE).text
    assert "neither spike nor trend" in officer.get(FILE).text


MARKER = "Zyzzyva overdoses"
SECRET = 7919
EXEMPT = {"disclosure": "exempt", "paragraph": 2}


@pytest.fixture
def marked(council: Store) -> Store:
    """An exempt indicator with a marker in each of its texts, its total, and what is public."""
    exempt = EXEMPT | {"definition": f"{MARKER} defined"}
    add_indicator(
        council, MARKER, {OWN: [SECRET] * 24, ("borough", "Zyzztown"): [1] * 24}, **exempt
    )
    add_indicator(council, "Overdoses, other", {OWN: [11] * 24})
    add_indicator(council, "All overdoses", {OWN: [SECRET + 11] * 24})
    add_indicator(council, "Fly-tips", {OWN: [13] * 24}, source="Defra")
    return council


@pytest.mark.parametrize("address", [PAGE, FILE])
def test_the_public_version_holds_no_trace_of_what_is_exempt(
    officer: FlaskClient, marked: Store, address: str
) -> None:
    text = officer.get(address).text
    for trace in ("Zyzz", "zyzz", str(SECRET), str(12 * SECRET), f"{12 * SECRET:,}"):
        assert trace not in text
    # The total of the same publisher would tell it: 12 * (7919 + 11).
    assert "All overdoses" not in text
    assert f"{12 * (SECRET + 11):,}" not in text
    assert str(12 * (SECRET + 11)) not in text
    assert "1 indicator is withheld as exempt under paragraph 2" in text
    assert "1 more indicator is withheld: a total" in text
    assert "Overdoses, other" in text
    assert "Fly-tips" in text


def test_the_exempt_version_is_marked_and_its_reading_audited(
    officer: FlaskClient, marked: Store
) -> None:
    before = entries(marked)
    officer.get(PAGE)
    assert entries(marked) == before
    page = Page.of(officer.get(PAGE + "?version=exempt"))
    assert "Exempt version: not for publication" in page.text
    assert any(tag == "Exempt: paragraph 2" for tag in page.tags)
    assert MARKER in page.text
    assert entries(marked) == before + 1
    assert MARKER in officer.get(FILE + "?version=exempt").text
    assert entries(marked) == before + 2


def entries(store: Store) -> int:
    with store.reading() as session:
        query = select(func.count(AuditEntry.id)).where(AuditEntry.entity == "partnership")
        return session.scalar(query) or 0


@pytest.mark.parametrize("role", ["contractor", "partner"])
def test_it_is_for_officers_alone(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    assert client.get(PAGE).status_code == client.get(FILE).status_code == 403


def every(days: int, first: date, last: date) -> list[datetime]:
    span = range(0, (last - first).days + 1, days)
    return [
        datetime.combine(first + timedelta(days=n), datetime.min.time(), UTC) + timedelta(hours=9)
        for n in span
    ]


def test_own_counts_are_those_of_the_store(officer: FlaskClient, council: Store) -> None:
    add_people(council)
    days = every(5, date(2024, 10, 1), date(2026, 11, 20))
    store_incidents(council, [(553_000, 174_000, days)], now=NOW, state="cleared")
    later = sum(date(2025, 11, 1) <= at.date() <= date(2026, 10, 31) for at in days)
    earlier = sum(date(2024, 11, 1) <= at.date() <= date(2025, 10, 31) for at in days)
    line = lines(officer)["Incidents", "Testford"]
    assert (line["value"], line["value_before"]) == (str(later), str(earlier))
    assert float(line["rate_per_1000"]) == pytest.approx(later / 100)
    with council.reading() as session:
        assert session.scalar(select(func.count(Incident.id))) == len(days)
        assert session.scalar(select(func.count(Report.id))) == 0


def test_months_before_the_record_are_no_zeros(officer: FlaskClient, council: Store) -> None:
    days = every(4, date(2025, 6, 10), date(2026, 11, 20))
    store_incidents(council, [(553_000, 174_000, days)], now=NOW, state="cleared")
    line = lines(officer)["Incidents", "Testford"]
    assert line["value"] != ""
    assert line["value_before"] == ""
    assert line["change"] == ""
    assert "the record begins on 10 June 2025" in line["notes"]
    for name in ("Cleared in target", "Large cylinders", "Reports"):
        assert "the record begins on 10 June 2025" in lines(officer)[name, "Testford"]["notes"]


def test_work_that_was_never_recorded_is_not_zero(officer: FlaskClient) -> None:
    table = lines(officer)
    for name, work in (
        ("Penalty notices", "enforcement"),
        ("Patrol visits", "patrols"),
        ("Posters up", "posters"),
        ("Education events", "interventions"),
        ("Hotspots: persistent", "detection runs"),
    ):
        assert table[name, "Testford"]["value"] == ""
        assert f"there is no record of {work}" in table[name, "Testford"]["notes"]


def test_page_and_spreadsheet_say_the_same(officer: FlaskClient, council: Store) -> None:
    add_people(council)
    add_indicator(
        council, "Robbery", {area: [people / 10_000] * 24 for area, people in PEOPLE.items()}
    )
    page = Page.of(officer.get(PAGE)).table(PARTNERS).rows[0]
    for (_, area), people in PEOPLE.items():
        total = round(12 * people / 10_000)
        assert page[area].startswith(f"{total:,} from {total:,}, the same")
        assert lines(officer)["Robbery", area]["value"] == str(total)


def test_a_total_is_known_by_its_figures_whatever_its_name(
    officer: FlaskClient, marked: Store
) -> None:
    add_indicator(marked, "Ambulance calls", {OWN: [7, 4] * 12}, source="Hospital")
    add_indicator(marked, "Secret calls", {OWN: [2, 3] * 12}, source="Hospital", **EXEMPT)
    add_indicator(marked, "Attendances", {OWN: [9, 7] * 12}, source="Hospital")
    text = officer.get(PAGE).text
    assert "Attendances" not in text  # less the ambulance calls it would be the secret ones
    assert "Ambulance calls" in text
    assert "2 more indicators are withheld: a total" in text


def test_the_months_behind_a_figure_are_shown(officer: FlaskClient, council: Store) -> None:
    add_indicator(council, "Robbery", {OWN: [*range(30)], COUNTY: [50] * 12})
    page = Page.of(officer.get(PAGE))
    months = Page.of(officer.get(page.link("Robbery month by month"))).table("24 months")
    assert months.columns == ["Month", "Testford", "Kent"]
    assert months.cells[0] == ["October 2026", "29", "50"]
    assert months.cells[-1][:2] == ["November 2024", "6"]
    assert months.cells[-1][2] == "Not known No figure for November 2024"


def test_own_months_are_shown_with_why_there_is_none(officer: FlaskClient, council: Store) -> None:
    days = every(4, date(2025, 6, 10), date(2026, 11, 20))
    store_incidents(council, [(553_000, 174_000, days)], now=NOW, state="cleared")
    for key in ("own-incidents", "own-cleared-in-target"):
        address = f"{PAGE}/indicators/{key}?version=exempt"
        months = Page.of(officer.get(address)).table("24 months").cells
        assert months[-1] == ["November 2024", "Not known The record begins on 10 June 2025"]
        assert "record begins" not in months[0][1]
    october = sum(at.date().strftime("%Y-%m") == "2026-10" for at in days)
    counted = Page.of(officer.get(f"{PAGE}/indicators/own-incidents")).table("24 months")
    assert counted.cells[0] == ["October 2026", str(october)]


def test_small_counts_of_people_are_in_the_exempt_version_alone(
    officer: FlaskClient, council: Store
) -> None:
    """On 15 December, 4 April and 23 July: neither change nor rate nor month tells of the three."""
    days = every(110, date(2024, 10, 1), date(2026, 11, 20))
    store_incidents(council, [(553_000, 174_000, days)], now=NOW, state="cleared")
    shown = lines(officer, "?version=exempt")["Incidents", "Testford"]
    assert shown["value"] == "3"
    public = lines(officer)["Incidents", "Testford"]
    assert (public["value"], public["change"], public["rate_per_1000"]) == ("<5", "", "")
    months = Page.of(officer.get(f"{PAGE}/indicators/own-incidents")).table("24 months").cells
    assert {cells[1] for cells in months} == {"Not known Too few to show month by month"}


def test_the_months_of_what_is_exempt_are_for_its_version_alone(
    officer: FlaskClient, marked: Store
) -> None:
    for key in ("zyzzyva-overdoses", "all-overdoses"):
        hidden = officer.get(f"{PAGE}/indicators/{key}")
        assert hidden.status_code == 404
        assert str(SECRET) not in hidden.text
    before = entries(marked)
    shown = Page.of(officer.get(f"{PAGE}/indicators/zyzzyva-overdoses?version=exempt"))
    assert "Exempt: paragraph 2" in shown.tags
    assert entries(marked) == before + 1


def test_own_counts_follow_the_record(officer: FlaskClient, council: Store) -> None:
    """Of two dumps one turns out to be the other, and that of a year before."""
    days = every(5, date(2024, 10, 1), date(2026, 11, 20))
    store_incidents(council, [(553_000, 174_000, days)], now=NOW, state="cleared")

    def counts() -> tuple[int, int]:
        line = lines(officer, "?version=exempt")["Incidents", "Testford"]
        return int(line["value"]), int(line["value_before"])

    later, earlier = counts()
    pair = [at for at in days if at.date() > date(2026, 1, 1)][:2]
    with council.writing() as session:
        rows = session.scalars(select(Incident).where(Incident.first_reported_at.in_(pair))).all()
        rows[0].merged_into_id = rows[1].id
        rows[1].first_reported_at = datetime(2025, 3, 3, 12, tzinfo=UTC)
    assert counts() == (later - 2, earlier + 1)


def test_months_after_the_last_patrol_say_so(officer: FlaskClient, council: Store) -> None:
    with council.writing() as session:
        for at in every(10, date(2024, 10, 1), date(2026, 3, 12)):
            spot = shapely.Point(553_000, 174_000)
            session.add(PatrolVisit(geometry=spot, arrived_at=at, recorded_at=at))
    words = "no visit is recorded after 5 March 2026: was there none, or no record?"
    for name in ("Patrol visits", "Patrol hours"):
        line = lines(officer)[name, "Testford"]
        assert (line["value"], line["change"]) == ("", "")
        assert words in line["notes"]
    until_then = lines(officer, "?to=2026-03")["Patrol visits", "Testford"]
    assert until_then["value"]
    assert words not in until_then["notes"]


def test_the_council_may_say_that_there_were_no_patrols(
    officer: FlaskClient, council: Store
) -> None:
    """Of November 2025 to October 2026 it says so of all months after the last visit but one."""
    visits = every(10, date(2024, 10, 1), date(2026, 3, 12))
    with council.writing() as session:
        for at in visits:
            spot = shapely.Point(553_000, 174_000)
            session.add(PatrolVisit(geometry=spot, arrived_at=at, recorded_at=at))
        session.add(pause("patrols", date(2026, 4, 1), date(2026, 9, 30)))
    line = lines(officer)["Patrol visits", "Testford"]
    assert (line["value"], "after 5 March 2026" in line["notes"]) == ("", True)
    with council.writing() as session:
        session.add(pause("patrols", date(2026, 10, 1), None))
    line = lines(officer)["Patrol visits", "Testford"]
    assert line["value"] == str(sum(at.date() >= date(2025, 11, 1) for at in visits))
    assert "after 5 March 2026" not in line["notes"]


def pause(work: str, first: date, last: date | None) -> RuleRow:
    values = {"work": work, "what": "No officers"}
    days = {"valid_from": first, "valid_to": last}
    return RuleRow(table_name="work_pauses", values=values, source="Test", created_at=NOW, **days)


def test_a_poster_that_nobody_looked_after_is_not_told_to_hang(
    officer: FlaskClient, council: Store
) -> None:
    """Seen on 15 June 2026, it is taken to hang in the months that begin within 92 days."""
    with council.writing() as session:
        site = PosterSite(code="P1", name="Gate", geometry=shapely.Point(553_000, 174_000))
        session.add(site)
        session.flush()
        at = datetime(2026, 6, 15, 12, tzinfo=UTC)
        session.add(PosterEvent(site_id=site.id, kind="installed", at=at, recorded_at=at))
    assert lines(officer, "?to=2026-09")["Posters up", "Testford"]["value"] == "1"
    line = lines(officer)["Posters up", "Testford"]
    assert line["value"] == ""
    words = "no look at a poster is recorded after 15 June 2026: was there none, or no record?"
    assert words in line["notes"]
    with council.writing() as session:
        session.add(pause("posters", date(2026, 6, 16), None))
    assert lines(officer)["Posters up", "Testford"]["value"] == "1"
