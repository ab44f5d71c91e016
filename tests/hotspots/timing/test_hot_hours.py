"""Hot hours in the words an officer would use."""

import numpy as np
import pytest

from hotspots.core.errors import ParameterError
from hotspots.timing.hot_hours import hot_hours, hot_hours_sentence


def week(days: list[int], hours: list[int], *, background: float = 0.0) -> np.ndarray:
    """Even over these hours from the start of these days; hours from 24 on are the next day's."""
    profile = np.full(168, background)
    for day in days:
        for hour in hours:
            profile[(day * 24 + hour) % 168] += 1
    return profile / profile.sum()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([4, 5], "Fri and Sat 22:00-02:00"),
        ([3, 4, 5], "Thu to Sat 22:00-02:00"),
        ([0, 5, 6], "Sat to Mon 22:00-02:00"),
        ([0, 2, 6], "Mon, Wed and Sun 22:00-02:00"),
        ([1, 3, 4, 5], "Tue and Thu to Sat 22:00-02:00"),
        ([6], "Sun 22:00-02:00"),
        (list(range(7)), "every day 22:00-02:00"),
    ],
)
def test_days_are_named_as_people_name_them(days: list[int], words: str) -> None:
    assert str(hot_hours(week(days, [22, 23, 24, 25]))) == words


def test_hours_after_midnight_belong_to_the_day_they_are_in() -> None:
    hot = hot_hours(week([5], [1, 2, 3, 4]))
    assert str(hot) == "Sat 01:00-05:00"


def test_shares_are_of_the_dumps_and_of_the_week() -> None:
    # 8 hours of weight 1.1 and 160 of 0.1: 8.8 / 24.8 of incidents in 8 / 168 of the week
    hot = hot_hours(week([4, 5], [22, 23, 24, 25], background=0.1))
    assert hot.share == pytest.approx(8.8 / 24.8)
    assert hot.share_of_week == pytest.approx(8 / 168)


def test_an_even_week_names_every_day() -> None:
    assert hot_hours(np.full(168, 1 / 168)).days == tuple(range(7))
    assert hot_hours(np.zeros(168)).share == 0


def test_the_sentence_says_what_it_rests_on() -> None:
    profile = week([4, 5], [22, 23, 24, 25])
    assert hot_hours_sentence(profile, known=12, vague_share=0.4, prior_share=0.64) == (
        "Fri and Sat 22:00-02:00: 100% of incidents in 5% of the week "
        "(12 incidents with known hours, 40% of all without; 64% of this is the borough's pattern)."
    )
    one = hot_hours_sentence(profile, known=1, vague_share=0.0, prior_share=0.0)
    assert one.endswith("(1 incident with known hours).")
    assert hot_hours_sentence(profile, known=0, vague_share=1, prior_share=1).startswith(
        "Hours not"
    )


@pytest.mark.parametrize(("n", "hours"), [(24, 4), (168, 0), (168, 24)])
def test_input_without_meaning_is_refused(n: int, hours: int) -> None:
    with pytest.raises(ParameterError):
        hot_hours(np.ones(n), hours=hours)
