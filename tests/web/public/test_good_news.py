"""Good news: what the record supports is proposed, and nothing is public before it is approved."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import text

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import NewsState
from geodata.models import ContractPeriod
from geodata.people.audit import Actor
from geodata.store import good_news, releases
from geodata.store.engine import Store
from geodata.store.good_news import NewsWords
from tests.filled_stores import filled_once
from tests.web.desk import run_now, store_incidents
from tests.web.page import Page
from web.services.good_news.gone_hotspots import gone_hotspots
from web.services.good_news.kept_promises import kept_promises
from web.services.good_news.press_office import decide
from web.services.good_news.proposal import Proposal, proposal
from web.services.good_news.proposing import look_for_successes, propose

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
BY = Actor(None, NOW)
GONE, STILL = (553_000, 174_000), (555_000, 174_500)
LAST = datetime(2026, 1, 20, 20, tzinfo=UTC)
DESK = "/officer/good-news"
WORDS = {"title": "Cleared in time", "text": "All of it.", "alt": "Two numbers."}


@pytest.fixture
@filled_once
def gone(council: Store) -> Store:
    """A dump a week at one place until 20 January, at another until today; runs on both days."""
    spots = [
        (*GONE, [LAST - timedelta(days=7 * n) for n in range(100)]),
        (*STILL, [NOW - timedelta(days=7 * n + 1) for n in range(130)]),
        # and, of the same ward, now here, now there: less the place it has more than a few
        *((552_100 + 97 * n, 173_100, [NOW - timedelta(days=25 * n + 3)]) for n in range(20)),
    ]
    store_incidents(council, spots, now=NOW, state="cleared")
    with council.writing() as session:
        for moment in (LAST, NOW):
            run_now(session, BY, as_of=moment)
    return council


def found_in(store: Store) -> list[Proposal]:
    with store.reading() as session:
        return list(gone_hotspots(session))


def proposed(store: Store, *, ward: str = "West") -> int:
    """The key of a success that is before the press office."""
    figures = (("20", "before"), ("5", "after"))
    success = proposal("x", "gone", ward, "Gone: the canisters", ("It is gone.",), figures)
    with store.writing() as session:
        propose(session, [success], BY)
        return good_news.every(session)[0].id


def test_a_hotspot_that_stayed_gone_is_news_in_round_numbers(gone: Store) -> None:
    (news,) = found_in(gone)
    assert news.ward == "West"
    # 31 January to 30 July of 2025 has 26 Tuesdays from 4 February on; half a year later none
    assert news.figures[0][0] == "about 25"
    assert news.figures[1][0] == "fewer than 5"
    assert "was a hotspot for dumped gas canisters and is one no more" in news.words.text
    assert len(news.words.text) <= 280


def test_a_break_of_the_series_may_have_stopped_the_telling(gone: Store) -> None:
    with gone.writing() as session:
        session.add(ContractPeriod(contractor="New", valid_from=date(2026, 2, 1)))
    assert found_in(gone) == []


def test_a_hotspot_set_aside_is_no_success(gone: Store) -> None:
    with gone.writing() as session:
        session.execute(text("UPDATE hotspot_identity SET dismissed_until = '2027-01-01'"))
    assert found_in(gone) == []


def test_a_hotspot_of_which_some_is_left_is_no_success(council: Store) -> None:
    rest = [NOW - timedelta(days=30 * n + 1) for n in range(5)]
    before = [LAST - timedelta(days=7 * n) for n in range(100)]
    store_incidents(council, [(*GONE, before + rest)], now=NOW, state="cleared")
    with council.writing() as session:
        for moment in (LAST, NOW):
            run_now(session, BY, as_of=moment)
    assert found_in(council) == []


def test_an_unfinished_record_is_no_success(council: Store) -> None:
    with council.reading() as session:
        assert list(gone_hotspots(session)) == []
        assert list(kept_promises(session, now=NOW)) == []


def test_a_month_and_a_year_that_the_record_holds_in_part_are_no_success(
    council: Store, client: FlaskClient
) -> None:
    """It begins on 20 March 2025: neither that March nor 2025 was kept whole; April was."""
    first = datetime(2025, 3, 20, 12, tzinfo=UTC)
    days = [first + timedelta(days=4 * n) for n in range(120)]
    store_incidents(council, [(*GONE, days)], now=NOW, state="cleared")
    kept = {"reported": 20, "due": 20, "cleared": 20, "in_time": 20}
    ward = {"name": "West", "reported": 80, "in_time_percent": 98}

    def found_keys() -> list[str]:
        with council.reading() as session:
            return [each.key for each in kept_promises(session, now=NOW)]

    def release(kind: str, first_day: date, last_day: date, cells: dict[str, object]) -> None:
        name = f"{first_day:%Y-%m}" if kind == releases.MONTH else f"{first_day:%Y}"
        days = {"first_day": first_day, "last_day": last_day}
        with council.writing() as session:
            releases.add(session, kind, name, **days, cells=cells, now=NOW)

    release(releases.MONTH, date(2025, 3, 1), date(2025, 3, 31), kept)
    year = {"wards": [ward], "months": {"2025-03": kept}}
    release(releases.YEAR, date(2025, 1, 1), date(2025, 12, 31), year)
    assert found_keys() == []
    release(releases.MONTH, date(2025, 4, 1), date(2025, 4, 30), kept)
    assert found_keys() == ["in-time:2025-04"]
    for address in ("/", "/you-said-we-did"):
        assert "The record begins in March 2025" in Page.of(client.get(address)).text


def test_a_success_is_proposed_once(gone: Store) -> None:
    with gone.reading() as session:
        successes = look_for_successes(session, now=NOW)
    with gone.writing() as session:
        assert propose(session, successes, BY) == len(successes) > 0
        assert propose(session, successes, BY) == 0
        assert not {each.key for each in look_for_successes(session, now=NOW)} & {
            each.key for each in successes
        }


def test_a_text_longer_than_a_post_is_refused(council: Store) -> None:
    key = proposed(council)
    with council.writing() as session, pytest.raises(RefusedError, match="281 characters"):
        decide(session, key, NewsState.APPROVED, BY, NewsWords("T", "x" * 281, "P"))


def test_what_is_rejected_cannot_be_taken_back(council: Store) -> None:
    key = proposed(council)
    with council.writing() as session:
        decide(session, key, NewsState.REJECTED, BY)
    with council.writing() as session, pytest.raises(RefusedError, match="cannot be withdrawn"):
        decide(session, key, NewsState.WITHDRAWN, BY)


def test_the_store_refuses_to_change_what_was_decided(council: Store) -> None:
    proposed(council)
    for change in ("UPDATE good_news_event SET text = 'x'", "DELETE FROM good_news_event"):
        with pytest.raises(Exception, match="append-only"), council.writing() as session:
            session.execute(text(change))


@pytest.fixture
def officer(council: Store, signed_in) -> Iterator[FlaskClient]:
    with time_machine.travel(NOW):
        yield signed_in("officer")


def test_nothing_is_public_before_it_is_approved_in_its_words(
    council: Store, officer: FlaskClient, app
) -> None:
    key, public = proposed(council), app.test_client()
    picture = f"/you-said-we-did/{key}.png"
    assert "Gone: the canisters" not in Page.of(public.get("/you-said-we-did")).text
    assert public.get(picture).status_code == 404
    assert officer.post(f"{DESK}/{key}/approve", data=WORDS).status_code == 302
    page = Page.of(public.get("/you-said-we-did"))
    assert "West Cleared in time All of it." in page.text
    assert "Figures of the wards are not released yet." in page.text
    assert public.get(picture).data.startswith(b"\x89PNG")
    assert officer.post(f"{DESK}/{key}/withdraw").status_code == 302
    assert "Cleared in time" not in Page.of(public.get("/you-said-we-did")).text
    assert public.get(picture).status_code == 404


def test_the_feed_holds_what_is_approved_by_ward(council: Store, officer: FlaskClient, app) -> None:
    key, public = proposed(council), app.test_client()
    officer.post(f"{DESK}/{key}/approve", data=WORDS)
    feed = "/you-said-we-did/feed.atom"
    for address, number in ((feed, 1), (f"{feed}?ward=West", 1), (f"{feed}?ward=East", 0)):
        assert public.get(address).text.count("<entry>") == number
    assert "<summary>All of it.</summary>" in public.get(feed).text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"text": "x" * 281}, "A post holds 280 characters"),
        ({"text": "Thank you Sarah Jones of 12 Acacia Road"}, "Take out"),
        ({"alt": ""}, "Write what the picture shows"),
    ],
)
def test_words_that_cannot_go_out_are_told_at_the_field(
    council: Store, officer: FlaskClient, words: dict[str, str], message: str
) -> None:
    answer = officer.post(f"{DESK}/{proposed(council)}/approve", data=WORDS | words)
    assert answer.status_code == 400
    assert message in Page.of(answer).text


def test_the_desk_looks_and_says_that_there_is_nothing(
    council: Store, officer: FlaskClient
) -> None:
    page = Page.of(officer.post(f"{DESK}/look", follow_redirects=True))
    assert "The record shows no success that is new." in page.text
    assert officer.get(f"{DESK}/7").status_code == 404


@pytest.mark.parametrize("role", ["contractor", "partner", "member"])
def test_the_press_office_is_the_council_s(signed_in, role: str) -> None:
    assert signed_in(role).get(DESK).status_code == 403
