"""Counts by period: borders, London's day, parties, and no look-ahead."""

import numpy as np
import pandas as pd
import pytest

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.row_order import coded_labels
from hotspots.timing.periods import four_week_counts, month_ends, nights_by_month, weekly_counts

AS_OF = "2026-06-28T12:00Z"  # a Sunday


def reported(*mornings: str) -> pd.DataFrame:
    """Reported at eight in the morning: dumped in the night before."""
    times = pd.to_datetime([f"{day}T07:00Z" for day in mornings], utc=True)
    return pd.DataFrame({"first_reported_at": times})


def test_weeks_are_whole_and_empty_ones_count_none() -> None:
    # Night of Sunday 31 May; of Monday 15 June; of Monday 22 June, whose week is not over.
    weeks = weekly_counts(reported("2026-06-01", "2026-06-16", "2026-06-23"), as_of=AS_OF)
    assert weeks.index[0] == pd.Timestamp("2026-05-25")
    assert weeks.tolist() == [1, 0, 0, 1]


def test_a_week_is_over_at_noon_on_monday_when_its_last_night_is() -> None:
    # 29 June 2026 is a Monday; what is reported that morning was dumped in Sunday's night.
    frame = reported("2026-06-16", "2026-06-29")
    assert weekly_counts(frame, as_of="2026-06-29T10:59Z").tolist() == [1]
    assert weekly_counts(frame, as_of="2026-06-29T11:00Z").tolist() == [1, 1]  # noon in London


def test_periods_of_four_weeks_end_with_the_day() -> None:
    # The last begins on 1 June: 28 days to 28 June. 1 June's report is of 31 May's night.
    frame = reported("2026-06-01", "2026-06-02", "2026-06-28")
    counts, borough = four_week_counts(frame, np.zeros(3), as_of=AS_OF, periods=2)
    assert counts.columns[-1] == pd.Timestamp("2026-06-01")
    assert counts.to_numpy().tolist() == [[1, 2]]
    assert borough.tolist() == [1, 2]


def test_one_party_counts_once_a_hotspot_and_elsewhere_each_pile() -> None:
    frame = reported(*["2026-06-10"] * 6)
    counts, borough = four_week_counts(frame, [1, 1, 2, -1, -1, np.nan], as_of=AS_OF, periods=1)
    assert counts[counts.columns[0]].to_dict() == {1: 1, 2: 1}
    assert borough.tolist() == [5]


def test_months_end_with_the_day_however_long_they_are() -> None:
    ends = month_ends("2026-03-31T10:00Z", 2)
    assert ends.strftime("%d.%m.").tolist() == ["31.01.", "28.02.", "31.03."]
    frame = reported("2026-03-01", "2026-03-02")  # nights of 28 February and 1 March
    nights = nights_by_month(frame, np.zeros(2), as_of="2026-03-31T10:00Z", months=2)
    assert nights.to_numpy().tolist() == [[1, 1]]


def test_the_day_is_londons() -> None:
    # 23:30 UTC on 27 June is 00:30 on the 28th in London.
    assert month_ends("2026-06-27T23:30Z", 1)[-1] == pd.Timestamp("2026-06-28")


def test_counts_are_those_of_looking_at_each_incident() -> None:
    rng = np.random.default_rng(2)
    days = pd.Timestamp("2024-06-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 800, 300), "D")
    frame = pd.DataFrame({"first_reported_at": days + pd.Timedelta(hours=6)})
    label = rng.integers(-1, 4, 300)
    counts = nights_by_month(frame, label, as_of=AS_OF, months=12)
    ends = month_ends(AS_OF, 12)
    for hotspot in range(4):
        night = {d.date() for d in (days - pd.Timedelta(days=1))[label == hotspot]}
        expected = [sum(ends[m].date() < d <= ends[m + 1].date() for d in night) for m in range(12)]
        assert counts.loc[hotspot].tolist() == expected


@pytest.mark.parametrize("count", [four_week_counts, nights_by_month])
def test_nothing_after_as_of_is_seen(count) -> None:
    frame = reported("2026-05-02", "2026-06-10", "2026-06-29", "2026-07-20")
    extra = {"periods": 3} if count is four_week_counts else {"months": 3}
    counts = count(frame, np.zeros(4), as_of=AS_OF, **extra)
    past = count(frame.iloc[:2], np.zeros(2), as_of=AS_OF, **extra)
    table = counts[0] if isinstance(counts, tuple) else counts
    pd.testing.assert_frame_equal(table, past[0] if isinstance(past, tuple) else past)
    pd.testing.assert_series_equal(
        weekly_counts(frame, as_of=AS_OF), weekly_counts(frame.iloc[:2], as_of=AS_OF)
    )


def test_no_incidents_have_no_rows() -> None:
    none = reported()
    counts, borough = four_week_counts(none, np.empty(0), as_of=AS_OF, periods=3)
    assert counts.shape == (0, 3)
    assert borough.tolist() == [0, 0, 0]
    assert len(weekly_counts(none, as_of=AS_OF)) == 0


def test_input_without_meaning_is_refused() -> None:
    with pytest.raises(FrameError):
        nights_by_month(reported("2026-06-10"), [1, 2], as_of=AS_OF)
    with pytest.raises(ParameterError):
        nights_by_month(reported("2026-06-10"), [1], as_of=AS_OF, months=0)
    with pytest.raises(ParameterError):
        four_week_counts(reported("2026-06-10"), [1], as_of=AS_OF, periods=0)


def test_labels_of_any_kind_keep_theirs() -> None:
    code, names = coded_labels(np.array(["b", None, "a", "b"], dtype=object))
    assert code.tolist() == [1, -1, 0, 1]
    assert names.tolist() == ["a", "b"]
