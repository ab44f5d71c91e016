"""Names and homes in free text: measured on 300 labelled sentences, and kind by kind."""

import pytest

from geodata.people.personal_data import found_in, taken_out
from tests.geodata.people.recognised import LABELLED, measured


def test_the_labelled_set_is_half_and_half_and_no_sentence_stands_twice() -> None:
    assert len({sentence.text for sentence in LABELLED}) == 300
    for half in ("tuned", "held_out"):
        mine = [sentence.is_personal for sentence in LABELLED if sentence.half == half]
        assert (len(mine), sum(mine)) == (150, 75)


def test_sentences_that_nobody_tuned_on_keep_the_published_bounds() -> None:
    """At least 88 % of the sentences with a person are found; at most 5 % of the others flagged."""
    held_out = measured("held_out")
    assert held_out.recall >= 0.88
    assert held_out.false_alarms <= 0.05


def test_sentences_that_were_tuned_on_stay_right() -> None:
    tuned = measured("tuned")
    assert (tuned.missed, tuned.flagged) == ([], [])


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("Sarah Jones from Temple Hill", ["Sarah Jones"]),
        ("he lives at 4 High Street", ["lives at 4 High Street"]),
        ("thrown from number 4, again", ["from number 4"]),
        ("SARAH JONES DID IT", ["SARAH JONES"]),
        ("sarah jones did it", ["sarah jones"]),
        ("told by kevin", ["kevin"]),
        ("Dr Mehta saw them", ["Dr Mehta"]),
        ("the Nowaks again", ["Nowaks"]),
        ("Ionuț, with Zdravko Petrov", ["Ionuț", "Zdravko Petrov"]),
    ],
)
def test_a_person_is_found(text: str, persons: list[str]) -> None:
    assert found_in(text) == persons


@pytest.mark.parametrize(
    "text",
    [
        "Victoria Road, corner of Temple Hill",
        "VICTORIA ROAD, TEMPLE HILL, LOWFIELD STREET",
        "victoria road",
        "St Alban's church",
        "two Smartwhip cylinders and a Jack Daniel's bottle",
        "Mason's yard",
        "the Albert pub",
        "10 chargers in Park Road",
        "",
    ],
)
def test_streets_pubs_saints_and_brands_are_left_alone(text: str) -> None:
    assert found_in(text) == []


def test_a_house_number_is_a_spot_where_the_spot_is_asked_for() -> None:
    assert found_in("14 High Street", is_spot=True) == []
    assert found_in("14 High Street") == ["14 High Street"]
    assert found_in("she lives at 14 High Street", is_spot=True) == ["lives at 14 High Street"]


def test_pieces_that_overlap_are_taken_out_as_one() -> None:
    assert taken_out("It was Mr John Smith, 07700 900123.") == "It was [removed], [removed]."
