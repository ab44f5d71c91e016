"""What counts as personal data in free text, and what does not."""

import pytest

from geodata.people.personal_data import found_in, taken_out


@pytest.mark.parametrize(
    "text",
    [
        "jo.bloggs+x@example.org.uk",
        "07700 900123",
        "07700-900-123",
        "07700.900123",
        "(01322) 496 000",
        "+44 (0)7700 900123",
        "00447700900123",
        "020 7946 0000",
        "AB12 CDE",
        "ab12cde",
        "K123 ABC",
        "M1 ABC",
        "ABC 123D",
        "Mr Smith",
        "MRS O'BRIEN",
        "Dr. Anne-Marie Jones",
        "miss Smith",
        "DOB 01/02/2003",
        "born on 1.2.2003",
    ],
)
def test_it_is_found_and_taken_out_of_a_sentence(text: str) -> None:
    assert found_in(f"seen by {text}, left") == [text]
    assert taken_out(f"seen by {text}, left") == "seen by [removed], left"


@pytest.mark.parametrize(
    "text",
    [
        "top deck, bay 114B",
        "BAY 114B",
        "TQ 543 741",
        "554123 174056",
        "DA1 2AB",
        "DA11 0AB",
        "01/06/2026 23:40",
        "01-06-2026 23:40 and 02.06.2026 10:15",
        "about 50 x 8 g, 3 cylinders of 640 g",
        "A2 and M25 junction 2",
        "FPN-0004711",
        "missed Sunday; mr and mrs unknown",
    ],
)
def test_places_dates_and_counts_are_left_alone(text: str) -> None:
    assert found_in(text) == []
