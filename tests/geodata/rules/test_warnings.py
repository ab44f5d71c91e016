"""A notice (CPN) may follow a warning for the same conduct, while it counts."""

from datetime import date

import pytest

from geodata.rules.enforcement.warnings import Warned, counting_warning
from geodata.rules.tables import Row, packaged

LAW = packaged()
SIX_MONTHS = LAW.with_rows(
    [
        (
            "periods",
            Row(
                date(2026, 1, 1),
                None,
                {
                    "code": "warning_standing",
                    "length": [6],
                    "unit": "months",
                    "counted": "corresponding",
                },
                "Cabinet",
            ),
        )
    ]
)
LITTER = Warned(1, "W1", date(2026, 1, 31), "littering")


@pytest.mark.parametrize(
    ("warnings", "conduct", "day", "words"),
    [
        ([], "littering", date(2026, 3, 1), "needs an earlier written warning"),
        ([LITTER], None, date(2026, 3, 1), "choose the conduct"),
        ([LITTER], "noise", date(2026, 3, 1), "was for: dropping or leaving litter"),
        ([Warned(2, "W2", date(2026, 2, 1), None)], "noise", date(2026, 3, 1), "for no conduct"),
        ([LITTER], "littering", date(2026, 1, 30), "needs an earlier written warning"),
        # Six months from 31 January: 31 July is the last day, 1 August is late.
        ([LITTER], "littering", date(2026, 8, 1), "counted to 31 July 2026"),
    ],
)
def test_a_warning_that_does_not_count_says_why(warnings, conduct, day, words: str) -> None:
    counted = counting_warning(SIX_MONTHS, warnings, conduct, day)
    assert isinstance(counted, str)
    assert words in counted


def test_the_newest_warning_for_the_same_conduct_counts() -> None:
    noise = Warned(3, "W3", date(2026, 3, 1), "noise")
    older = Warned(0, "W0", date(2025, 12, 1), "littering")
    counted = counting_warning(SIX_MONTHS, [noise, LITTER, older], "littering", date(2026, 7, 31))
    assert counted == LITTER


def test_without_a_period_of_the_councils_the_law_sets_none() -> None:
    old = Warned(1, "W1", date(2016, 1, 31), "littering")
    assert counting_warning(LAW, [old], "littering", date(2026, 1, 1)) == old
    # A period that begins later does not reach back to notices before it.
    assert counting_warning(SIX_MONTHS, [old], "littering", date(2025, 12, 31)) == old
    assert isinstance(counting_warning(SIX_MONTHS, [old], "littering", date(2026, 1, 1)), str)
