"""What posters say: by the law of their days, in several languages, and who answers for it."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.posters.campaign_wordings import LONGEST
from geodata.posters.poster_wording import ENGLISH, Wording, languages, packaged, wordings_between
from geodata.rules.enforcement.regime import regime_at
from geodata.rules.tables import Row
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


def test_every_translation_that_comes_with_the_program_says_that_it_is_machine_made() -> None:
    assert TRANSLATED == ["bg", "pa", "pl", "ro"]
    for row in packaged():
        assert row.language == ENGLISH or "checked before printing" in row.source


@pytest.mark.parametrize("language", [ENGLISH, *TRANSLATED])
@pytest.mark.parametrize(
    # Psychoactive Substances Act 2016, s.10: 7 years for supply. Misuse of Drugs Act 1971, Sch. 4,
    # Class C: 2 years for possession, 14 for supply. Environmental Protection Act 1990, s.87(5).
    ("day", "years"),
    [(date(2016, 5, 25), []), (date(2023, 11, 7), ["7"]), (date(2023, 11, 8), ["2", "14"])],
)
def test_the_penalties_are_those_of_the_posters_own_day(
    language: str, day: date, years: list[str]
) -> None:
    law = wording_on(day, language=language).law
    printed_years = re.findall(r"(?<![\d.])(\d{1,2}) (?:years|lat|ani|години|ਸਾਲ)", law)
    assert printed_years == years
    assert re.search(r"2[.,]?500", law)


LAST_DAYS = (date(2010, 1, 1), date(2016, 5, 25), date(2023, 11, 7), date(2026, 1, 1))
NERVES_CAR_FIRE = {
    "en": ("nerves", "car", "explode"),
    "pl": ("nerwy", "samochodzie", "wybuchają"),
    "ro": ("nervii", "mașină", "explodează"),
    "bg": ("нервите", "кола", "експлодират"),
    "pa": ("ਨਸਾਂ", "ਕਾਰ", "ਫਟ"),
}


@pytest.mark.parametrize("day", LAST_DAYS)
@pytest.mark.parametrize("language", [ENGLISH, *TRANSLATED])
def test_a_poster_of_any_day_says_the_harm_and_where_help_is(language: str, day: date) -> None:
    wording = wording_on(day, language=language)
    assert "FRANK, talktofrank.com, 0300 123 6600" in wording.extra
    assert all(word in wording.extra for word in NERVES_CAR_FIRE[language])
    assert "N2O" in wording.law + wording.extra  # else nobody knows what is inhaled


@pytest.mark.parametrize("language", [ENGLISH, *TRANSLATED])
def test_a_poster_says_the_harm_and_where_help_is_and_names_both_kinds_of_canister(
    language: str,
) -> None:
    extra = wording_on(date(2026, 1, 1), language=language).extra
    assert "FRANK, talktofrank.com, 0300 123 6600" in extra
    small_and_large = {
        "en": ("Canisters", "Canisters"),
        "pl": ("naboje", "butle"),
        "ro": ("Capsule", "butelii"),
        "bg": ("капсули", "бутилки"),
        "pa": ("ਕੈਪਸੂਲ", "ਸਿਲੰਡਰ"),
    }
    for word in small_and_large[language]:
        assert word in wording_on(date(2026, 1, 1), language=language).heading


def test_the_councils_own_wording_takes_its_days_and_leaves_the_others() -> None:
    own = {"language": "en", "heading": "Ours", "law": "Law.", "call": "Scan"}
    row = Row(date(2026, 12, 1), date(2027, 1, 31), own, "CAB/26/40", council_key=1)
    wordings = wordings_between(
        date(2026, 11, 1),
        date(2027, 3, 1),
        rules=rule_tables().with_rows([("poster_wordings", row)]),
    )
    assert [(w.valid_from, w.valid_to, w.heading == "Ours", w.extra != "") for w in wordings] == [
        (date(2023, 11, 8), date(2026, 11, 30), False, True),
        (date(2026, 12, 1), date(2027, 1, 31), True, False),
        (date(2027, 2, 1), None, False, True),
    ]


def test_a_language_is_offered_on_its_days_and_keeps_its_name_after() -> None:
    row = Row(
        date(2026, 1, 1), date(2026, 6, 30), {"code": "ne", "name": "Nepali"}, "D", (), False, 1
    )
    rules = rule_tables().with_rows([("poster_languages", row)])
    assert "ne" in languages(rules, day=date(2026, 6, 30))
    assert "ne" not in languages(rules, day=date(2026, 7, 1))
    assert languages(rules)["ne"] == "Nepali"


def test_the_programs_own_words_fit_the_form_that_changes_them() -> None:
    for row in packaged():
        for name, longest in LONGEST.items():
            assert len(getattr(row, name)) <= longest


def test_every_language_of_a_row_has_a_name() -> None:
    assert {row.language for row in packaged()} <= set(languages())
    assert next(iter(languages())) == ENGLISH
