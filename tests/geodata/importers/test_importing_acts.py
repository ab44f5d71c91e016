"""Imported actions against each other: one act, one route, and a warning before a notice."""

from pathlib import Path

import pytest

from geodata.core.vocabulary import Conduct
from geodata.store.engine import Store
from tests.geodata.importers.importing import take, with_borough, written

HEAD = (
    "offence_at,kind,easting,northing,issued_on,given_on,recipient_ref,conduct,other_act_reason\n"
)
LITTER = "2026-06-13 23:40,litter_fpn,553050,174050,2026-06-14,,P-1,,\n"
CAUTION = "2026-06-13 23:50,caution,553080,174050,,,,,\n"
KEEPER = "2026-06-13 23:40,keeper_penalty,553050,174050,2026-06-20,2026-06-22,K-9,,\n"


CPW = "2026-05-01 12:00,cpw,553050,174050,2026-05-01,,P-1,littering,\n"
CPN = "2026-06-13 23:45,cpn,553050,174050,2026-06-14,,P-1,littering,\n"


@pytest.fixture
def council(store: Store) -> Store:
    return with_borough(store)


def problems(store: Store, folder: Path, *rows: str, name: str = "a.csv") -> list[str]:
    path = written(folder, HEAD + "".join(rows), name)
    return [f"{p.row}: {p.message}" for p in take(store, path, "actions").problems]


@pytest.mark.parametrize(
    "second",
    [
        *(CAUTION, KEEPER),
        CAUTION.replace("23:50", "22:45"),  # 55 minutes before
        CAUTION.replace("553080", "553140"),  # 90 m on
        KEEPER.replace("K-9", "P-1").replace("23:40", "14:00").replace("553050", "553400"),
        KEEPER.replace("keeper_penalty", "prosecution").replace("2026-06-22", ""),
    ],
)
def test_one_act_that_goes_down_two_routes_is_told(
    council: Store, tmp_path: Path, second: str
) -> None:
    (problem,) = problems(council, tmp_path, LITTER, second)
    assert "may be the same act as row" in problem


def test_a_notice_for_a_persons_conduct_beside_a_penalty_is_asked_about(
    council: Store, tmp_path: Path
) -> None:
    (problem,) = problems(council, tmp_path, CPW, LITTER, CPN)
    assert problem.startswith("4: may be the same act as row 3")
    why = CPN.replace("littering,\n", "littering,A penalty and a notice\n")
    assert problems(council, tmp_path, CPW, LITTER, why, name="b.csv") == []


def test_a_justification_must_say_something(council: Store, tmp_path: Path) -> None:
    (problem,) = problems(council, tmp_path, LITTER, CAUTION.replace(",,,\n", ",,,n/a\n"))
    assert "is no reason" in problem


def test_what_the_store_holds_counts_too(council: Store, tmp_path: Path) -> None:
    assert problems(council, tmp_path, LITTER) == []
    (problem,) = problems(council, tmp_path, CAUTION, name="b.csv")
    assert "same act as" in problem
    assert problems(council, tmp_path, LITTER, name="c.csv") == []  # the file again


@pytest.mark.parametrize(
    "other",
    [
        CAUTION.replace(",,,\n", ",,,Two people\n"),  # justified
        CAUTION.replace("23:50", "22:39"),  # 61 minutes before
        CAUTION.replace("553080", "553151"),  # 101 m on
        LITTER.replace("P-1", "").replace("23:40", "23:56"),  # of one kind, 16 minutes on
        LITTER.replace("P-1", "").replace("553050", "553101"),  # of one kind, 51 m on
        LITTER.replace("P-1", "P-2"),  # two people
        CAUTION.replace("caution", "advice"),
    ],
)
def test_other_acts_go_in(council: Store, tmp_path: Path, other: str) -> None:
    assert problems(council, tmp_path, LITTER, other) == []


def test_a_second_notice_to_one_person_for_one_act_is_told(council: Store, tmp_path: Path) -> None:
    again = LITTER.replace("23:40", "23:45")
    assert len(problems(council, tmp_path, LITTER, again)) == 1


@pytest.mark.parametrize(("second", "is_told"), [("P-2", False), ("", True)])
def test_two_notices_at_one_place_and_time_of_which_one_names_nobody_are_told(
    council: Store, tmp_path: Path, second: str, is_told: bool
) -> None:
    path = written(tmp_path, HEAD + LITTER + LITTER.replace("P-1", second), "a.csv")
    result = take(council, path, "actions")
    warned = [words for words in result.warnings if "two people's" in words]
    assert (result.problems, len(warned)) == ([], is_told)
    assert all("Row 3 is the first" in words for words in warned)


def ladder(kind: str, day: str, conduct: str = "littering", ref: str = "P-7") -> str:
    return f"{day} 20:00,{kind},553050,174050,{day},,{ref},{conduct},\n"


def test_a_notice_needs_a_warning_for_the_same_conduct(council: Store, tmp_path: Path) -> None:
    warned, notice = ladder("cpw", "2026-05-01"), ladder("cpn", "2026-06-01")
    assert problems(council, tmp_path, notice, warned) == []
    for n, (bad, words) in enumerate(
        (
            (ladder("cpn", "2026-06-01", "noise"), "was for: dropping or leaving litter"),
            (ladder("cpn", "2026-06-01", ref="P-8"), "needs an earlier written warning"),
            (ladder("cpn", "2026-04-30"), "needs an earlier written warning"),
            (ladder("cpn", "2026-06-01", ""), "fill in the conduct"),
            (ladder("cpn", "2026-06-01", ref=""), "fill in whom"),
        )
    ):
        (problem,) = problems(council, tmp_path, bad, name=f"{n}.csv")
        assert words in problem


def test_words_for_a_conduct_are_known(council: Store, tmp_path: Path) -> None:
    rows = [
        ladder("cpw", "2026-05-01", "Inhaling nitrous oxide in public"),
        ladder("cpn", "2026-06-01", Conduct.INHALING.value),
    ]
    assert problems(council, tmp_path, *rows) == []
