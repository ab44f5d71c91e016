"""Sites and events of posters: codes live on, history is kept, the future is not logged."""

from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from geodata import posters
from geodata.core.errors import NotFoundError, RefusedError
from geodata.models import Intervention
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.posters import poster_codes, poster_events, poster_sites
from geodata.store.engine import Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)
HERE, THERE = shapely.Point(553_000, 174_000), shapely.Point(553_400, 174_000)


def started(session, name: str = "Winter"):
    return posters.add_campaign(
        session, ACTOR, name=name, valid_from=date(2026, 12, 1), siting={"view_m": 50}
    )


def site_of(session, campaign, name: str = "Column 7", point: shapely.Point = HERE):
    return poster_sites.add(session, ACTOR, name, point, campaign_id=campaign.id)


def log(session, site, kind: str, *, days_ago: float = 0.0, **rest):
    at = NOW - timedelta(days=days_ago)
    return poster_events.add(session, site, kind, at=at, now=NOW, user_id=None, **rest)


def test_a_retired_site_s_code_still_says_where_it_was(store: Store) -> None:
    with store.writing() as session:
        site = site_of(session, started(session))
        log(session, site, "installed", days_ago=3)
        poster_sites.retire(session, ACTOR, site, reason="the column was taken away")
        coded = poster_codes.find(session, site.code.lower())
        assert coded is not None
        assert (coded.name, coded.point) == ("Column 7", HERE)
        assert site in poster_sites.of_campaign(session, site.campaign_id)
        assert [event.kind for event in poster_events.of_site(session, site.id)] == ["installed"]
        entry = audit.entries(session, poster_sites.ENTITY, site.id)[0][0]
    assert (entry.act, entry.reason) == ("retire", "the column was taken away")


def test_a_retired_site_is_not_retired_changed_or_given_a_poster_again(store: Store) -> None:
    with store.writing() as session:
        site = site_of(session, started(session))
        poster_sites.retire(session, ACTOR, site, reason="The pole is gone")
        with pytest.raises(RefusedError, match="retired already"):
            poster_sites.retire(session, ACTOR, site, reason="The pole is gone")
        with pytest.raises(RefusedError, match="add a new site"):
            poster_sites.change(session, ACTOR, site, name="Other")
        with pytest.raises(RefusedError, match="add a new site"):
            log(session, site, "installed")
        log(session, site, "removed")


def test_a_moved_site_keeps_its_code_and_where_it_was(store: Store) -> None:
    with store.writing() as session:
        site = site_of(session, started(session))
        poster_sites.change(session, ACTOR, site, name="Column 8", point=THERE)
        entry = audit.entries(session, poster_sites.ENTITY, site.id)[0][0]
        assert poster_codes.find(session, site.code).point == THERE
    assert (entry.before["name"], entry.before["place"]) == ("Column 7", "553000, 174000")
    assert (entry.after["name"], entry.after["place"]) == ("Column 8", "553400, 174000")


@pytest.mark.parametrize(
    ("name", "words"), [(" ", "give the site a name"), ("Mr Smith's wall", "Mr Smith")]
)
def test_a_name_that_finds_nothing_or_tells_too_much_is_refused(
    store: Store, name: str, words: str
) -> None:
    with store.writing() as session, pytest.raises(RefusedError, match=words):
        site_of(session, started(session), name)


def test_only_candidates_that_are_not_retired_are_offered(store: Store) -> None:
    with store.writing() as session:
        site_of(session, started(session), "of the campaign")
        kept, dropped = (
            poster_sites.add(session, ACTOR, name, HERE, campaign_id=None)
            for name in ("kept", "dropped")
        )
        poster_sites.retire(session, ACTOR, dropped, reason="no longer to be chosen")
        assert list(poster_sites.candidates(session)) == [kept]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "planned"),
        (["installed"], "up"),
        (["installed", "damaged"], "damaged"),
        (["installed", "damaged", "installed"], "up"),
        (["installed", "removed"], "down"),
    ],
)
def test_the_last_event_says_how_a_poster_stands(
    store: Store, events: list[str], state: str
) -> None:
    with store.writing() as session:
        site = site_of(session, started(session))
        for n, kind in enumerate(events):
            log(session, site, kind, days_ago=len(events) - n)
        last = poster_events.latest(session, site.campaign_id).get(site.id)
    assert poster_events.state_after(last) == state


@given(st.permutations(["installed", "damaged", "seen", "removed"]))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_told_late_falls_where_it_happened(store: Store, kinds: list[str]) -> None:
    days_ago = {"installed": 9, "damaged": 6, "seen": 4, "removed": 1}
    with store.session(is_writer=True) as session:
        site = site_of(session, started(session))
        for kind in kinds:
            log(session, site, kind, days_ago=days_ago[kind])
        order = [event.kind for event in poster_events.of_site(session, site.id)]
        last = poster_events.latest(session, site.campaign_id)[site.id].kind
        session.rollback()
    assert order == ["removed", "seen", "damaged", "installed"]
    assert last == "removed"


def test_the_future_is_not_logged_but_a_telephone_s_clock_may_be_ahead(store: Store) -> None:
    with store.writing() as session:
        site = site_of(session, started(session))
        log(session, site, "installed", days_ago=-4 / 1440)
        with pytest.raises(RefusedError, match="in the future"):
            log(session, site, "seen", days_ago=-6 / 1440)


def test_the_same_told_twice_is_one_event(store: Store) -> None:
    with store.writing() as session:
        site = site_of(session, started(session))
        first, is_new = log(session, site, "damaged", note="torn")
        assert is_new
        assert log(session, site, "damaged", note="torn") == (first, False)
        assert log(session, site, "damaged", note="burnt")[1]


def test_an_unknown_event_and_a_note_with_a_name_are_refused(store: Store) -> None:
    with store.writing() as session:
        site = site_of(session, started(session))
        with pytest.raises(RefusedError, match="'eaten' is no event"):
            log(session, site, "eaten")
        with pytest.raises(RefusedError, match="07700 900123"):
            log(session, site, "seen", note="call 07700 900123")


def test_the_intervention_covers_what_is_in_view_and_follows_the_campaign(store: Store) -> None:
    with store.writing() as session:
        campaign = started(session)
        hung, never = site_of(session, campaign), site_of(session, campaign, "gate", THERE)
        posters.settle_intervention(session, ACTOR, campaign)
        log(session, hung, "installed")
        for site in (hung, never):
            poster_sites.retire(session, ACTOR, site, reason="The pole is gone")
        posters.settle_intervention(session, ACTOR, campaign)
        posters.change_campaign(session, ACTOR, campaign.id, valid_to=date(2027, 3, 1))
        intervention = session.scalars(select(Intervention)).one()
    assert (intervention.kind, intervention.name, intervention.campaign_id) == (
        "poster",
        "Winter",
        campaign.id,
    )
    assert (intervention.valid_from, intervention.valid_to) == (date(2026, 12, 1), date(2027, 3, 1))
    # a poster hung at the first site: its ground counts; none ever hung at the second
    assert intervention.geometry.covers(HERE.buffer(49))
    assert not intervention.geometry.intersects(THERE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "give the campaign a name"),
        ({"name": "Spring"}, "'Spring' already"),
        ({"valid_to": date(2026, 11, 30)}, "posters come down, 30 November 2026"),
        ({"review_on": date(2026, 11, 30)}, "it is reviewed, 30 November 2026"),
        ({"note": "ask Mr Smith"}, "Mr Smith"),
    ],
)
def test_a_change_of_a_campaign_that_cannot_be_is_refused(
    store: Store, change: dict, words: str
) -> None:
    with store.writing() as session:
        started(session, "Spring")
        key = started(session).id
    with pytest.raises(RefusedError, match=words), store.writing() as session:
        posters.change_campaign(session, ACTOR, key, **change)
    with store.reading() as session:
        assert posters.find_campaign(session, key).name == "Winter"


def test_what_is_not_there_is_said(store: Store) -> None:
    with store.reading() as session:
        with pytest.raises(NotFoundError, match="no poster site PS9"):
            poster_sites.find(session, "PS9")
        with pytest.raises(NotFoundError, match="no poster campaign 9"):
            posters.find_campaign(session, 9)
