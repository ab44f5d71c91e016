"""What posters say: by the law of their days, in several languages, and who answers for it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.posters.poster_wording import ENGLISH, Wording, languages, packaged, wordings_between
from geodata.rules.enforcement.regime import regime_at
from geodata.rules.tables import packaged as rule_tables

TRANSLATED = sorted({row.language for row in packaged()} - {ENGLISH})
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def wording_on(day: date, *, language: str = ENGLISH) -> Wording:
    """The one row of a language whose days hold a day."""
    (row,) = (
        row
        for row in packaged()
        if row.language == language and (row.valid_from or day) <= day <= (row.valid_to or day)
    )
    return row


@pytest.mark.parametrize(
    ("day", "words", "not_words"),
    [
        (date(2016, 5, 25), "litter", "nitrous"),
        (date(2023, 11, 7), "Supplying nitrous oxide", "Class C"),
        (date(2023, 11, 8), "Class C", "psychoactive"),
    ],
)
def test_wording_follows_the_law_of_the_posters_own_day(
    day: date, words: str, not_words: str
) -> None:
    law = wording_on(day).law
    assert words in law
    assert not_words.casefold() not in law.casefold()


@pytest.mark.parametrize("language", [ENGLISH, *TRANSLATED])
def test_wordings_of_a_language_follow_each_other_without_gap_or_overlap(language: str) -> None:
    rows = [row for row in packaged() if row.language == language]
    assert rows[0].valid_from is None
    assert rows[-1].valid_to is None
    for before, after in pairwise(rows):
        assert (after.valid_from - before.valid_to).days == 1


@given(DAYS)
def test_wordings_change_on_the_days_on_which_the_rules_say_that_the_law_did(day: date) -> None:
    the_day_before = day - timedelta(days=1)
    is_new_law = regime_at(rule_tables(), day) != regime_at(rule_tables(), the_day_before)
    for language in (ENGLISH, *TRANSLATED):
        today, before = (wording_on(d, language=language) for d in (day, the_day_before))
        assert (today != before) is is_new_law


@given(DAYS, st.integers(0, 6_000))
def test_wordings_of_a_span_are_those_of_its_days(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    # every wording lasts for years, so that its ends and each hundredth day meet all of them
    some = [first + timedelta(days=n) for n in (*range(0, days, 100), days)]
    assert set(wordings_between(first, last)) == {wording_on(day) for day in some}


def test_no_translation_that_comes_with_the_program_passes_for_checked() -> None:
    assert TRANSLATED == ["bg", "pl", "ro"]
    assert {row.language for row in packaged() if row.verified} == {ENGLISH}
    for row in packaged():
        assert row.verified or "checked before printing" in row.source


def test_every_language_of_a_row_has_a_name() -> None:
    assert {row.language for row in packaged()} <= set(languages())
    assert next(iter(languages())) == ENGLISH
