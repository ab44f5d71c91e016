"""Versions of a campaign's wording: nothing is lost, and a translation needs somebody's word."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from geodata import posters
from geodata.accounts import users
from geodata.core.errors import RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.posters import campaign_wordings
from geodata.posters.campaign_wordings import PosterTexts
from geodata.store.engine import Store
from tests.passwords import hashed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AUTUMN = (date(2023, 11, 1), date(2023, 11, 30))
"""It spans 8 November 2023, when the law changed."""
TEXTS = PosterTexts("Seen gas canisters?", "Dropping litter is an offence.", "Scan me")


@pytest.fixture
def actor(store: Store) -> Actor:
    with store.writing() as session:
        account = users.add(session, "jo", hashed("a long enough password"), "officer", now=NOW)
        return Actor(account.id, NOW)


def started(session, actor: Actor, languages=("en",), days=AUTUMN):
    campaign = posters.add_campaign(
        session, actor, name="Autumn", valid_from=days[0], valid_to=days[1]
    )
    campaign_wordings.begin(session, actor, campaign, languages)
    return campaign


def test_a_campaign_that_spans_a_change_of_the_law_has_a_version_for_each(
    store: Store, actor: Actor
) -> None:
    with store.writing() as session:
        rows = campaign_wordings.current(session, started(session, actor).id)
    assert [(row.valid_to, row.valid_from) for row in rows] == [
        (date(2023, 11, 7), date(2016, 5, 26)),
        (None, date(2023, 11, 8)),
    ]
    assert ["Class C" in row.law for row in rows] == [False, True]


def test_a_changed_wording_counts_and_the_former_one_stays_in_the_history(
    store: Store, actor: Actor
) -> None:
    with store.writing() as session:
        campaign = started(session, actor)
        first, second = campaign_wordings.current(session, campaign.id)
        campaign_wordings.change(session, actor, second.id, TEXTS)
        now = campaign_wordings.current(session, campaign.id)
        history = campaign_wordings.versions(session, campaign.id)
        log = audit.entries(session, campaign_wordings.ENTITY)
    assert [row.heading for row in now] == [first.heading, "Seen gas canisters?"]
    assert [(row.heading, made_by) for row, made_by, _ in history] == [
        ("Seen gas canisters?", "jo"),
        (second.heading, "jo"),
        (first.heading, "jo"),
    ]
    entry, who = log[0]
    assert (entry.act, who, entry.before["heading"]) == ("change", "jo", second.heading)


def test_a_version_that_was_replaced_cannot_be_changed_again(store: Store, actor: Actor) -> None:
    with store.writing() as session:
        campaign = started(session, actor)
        old = campaign_wordings.current(session, campaign.id)[0]
        campaign_wordings.change(session, actor, old.id, TEXTS)
        with pytest.raises(RefusedError, match="in the meantime"):
            campaign_wordings.change(session, actor, old.id, TEXTS)


def test_saving_the_same_words_makes_no_version(store: Store, actor: Actor) -> None:
    with store.writing() as session:
        campaign = started(session, actor)
        row = campaign_wordings.current(session, campaign.id)[0]
        same = PosterTexts(row.heading, row.law, row.call, row.extra)
        assert campaign_wordings.change(session, actor, row.id, same) is row
        assert len(campaign_wordings.versions(session, campaign.id)) == 2


def test_a_translation_is_printable_once_it_was_checked_and_not_after_a_change(
    store: Store, actor: Actor
) -> None:
    with store.writing() as session:
        campaign = started(session, actor, ("en", "pl"), (date(2026, 1, 1), None))
        english, polish = campaign_wordings.current(session, campaign.id)
        assert not campaign_wordings.is_printable(english)
        assert not campaign_wordings.is_printable(polish)
        campaign_wordings.confirm(session, actor, polish.id)
        assert campaign_wordings.is_printable(polish)
        assert polish.checked_at == NOW
        changed = campaign_wordings.change(session, actor, polish.id, TEXTS)
        assert not campaign_wordings.is_printable(changed)
        acts = [entry.act for entry, _ in audit.entries(session, campaign_wordings.ENTITY)]
    assert acts[:2] == ["change", "check"]


def test_english_needs_a_sign_off_too_and_a_changed_one_another(store: Store, actor: Actor) -> None:
    with store.writing() as session:
        row = campaign_wordings.current(session, started(session, actor).id)[0]
        assert not campaign_wordings.is_printable(row)
        campaign_wordings.confirm(session, actor, row.id)
        assert campaign_wordings.is_printable(row)
        changed = campaign_wordings.change(session, actor, row.id, TEXTS)
        assert not campaign_wordings.is_printable(changed)


def test_a_help_line_may_hang_in_public_and_nobodys_own_number(store: Store, actor: Actor) -> None:
    with store.writing() as session:
        row = campaign_wordings.current(session, started(session, actor).id)[0]
        help_line = replace(TEXTS, extra="FRANK, 0300 123 6600 or 0800 1111 000")
        changed = campaign_wordings.change(session, actor, row.id, help_line)
        own = replace(TEXTS, extra="Ring 07700 900123")
        with pytest.raises(RefusedError, match="07700"):
            campaign_wordings.change(session, actor, changed.id, own)


def test_a_language_without_our_wording_begins_empty_and_cannot_be_confirmed_so(
    store: Store, actor: Actor
) -> None:
    with store.writing() as session:
        campaign = started(session, actor, ("en", "lt"), (date(2026, 1, 1), None))
        row = campaign_wordings.current(session, campaign.id)[1]
        assert (row.language, row.heading) == ("lt", "")
        assert not campaign_wordings.is_printable(row)
        with pytest.raises(RefusedError, match="no words to check"):
            campaign_wordings.confirm(session, actor, row.id)


def test_a_dropped_language_can_be_taken_up_again_but_english_never_dropped(
    store: Store, actor: Actor
) -> None:
    with store.writing() as session:
        campaign = started(session, actor, ("en", "ro"), (date(2026, 1, 1), None))
        campaign_wordings.drop(session, actor, campaign.id, "ro")
        assert [r.language for r in campaign_wordings.current(session, campaign.id)] == ["en"]
        campaign_wordings.begin(session, actor, campaign, ["ro"])
        assert [r.language for r in campaign_wordings.current(session, campaign.id)] == ["en", "ro"]
        with pytest.raises(RefusedError, match="English stays"):
            campaign_wordings.drop(session, actor, campaign.id, "en")


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (PosterTexts("", "Law.", "Scan"), "heading is empty"),
        (PosterTexts("x" * 81, "Law.", "Scan"), "heading has 81 letters: up to 80"),
        (PosterTexts("Call 07700 900123", "Law.", "Scan"), "07700 900123"),
    ],
)
def test_words_that_cannot_hang_in_public_are_refused(
    store: Store, actor: Actor, texts: PosterTexts, words: str
) -> None:
    with store.writing() as session:
        row = campaign_wordings.current(session, started(session, actor).id)[0]
        with pytest.raises(RefusedError, match=words):
            campaign_wordings.change(session, actor, row.id, texts)


def test_an_unknown_language_is_refused(store: Store, actor: Actor) -> None:
    with store.writing() as session, pytest.raises(RefusedError, match="'tlh' is no language"):
        started(session, actor, ("en", "tlh"))
