"""Than whom is the borough better or worse: its neighbours, and its own year before."""

from collections.abc import Iterator, Sequence

from geodata.core.vocabulary import Unit
from hotspots.core.words import listed
from hotspots.stats.count_change import Verdict, judge_change
from web.services.partnership.comparison_table import ComparisonTable, Row
from web.services.partnership.judging import Comparison
from web.services.partnership.series import Terms

MOST_NAMED = 3
NONE = "No figures of partners are here for this version, so there is nobody to compare with."
ALONE = "Canister dumps are counted here alone, so they cannot be set against others"
WORDS = {
    Verdict.IMPROVEMENT: "better in",
    Verdict.DETERIORATION: "worse in",
    Verdict.NO_CHANGE: "no different beyond chance in",
}


def than_whom(table: ComparisonTable) -> str:
    """Partners' figures of the borough: against each other area per 1,000 people, and against its
    own twelve months before."""
    if not table.partners:
        return NONE
    home = table.areas[0].name
    parts = [
        _sentence(f"Against {area.name}, per 1,000 people, {home} is", _against(table, place))
        for place, area in enumerate(table.areas[1:], 1)
    ]
    parts.append(_sentence("Against its own twelve months before it is", _before(table)))
    known = [part for part in parts if part]
    if not known:
        return f"{ALONE}, and no figure of the partners can be compared yet."
    return f"{ALONE}; the partners' figures can. {' '.join(known)}"


def _before(table: ComparisonTable) -> Iterator[tuple[str, Verdict]]:
    for row in table.partners:
        comparison = row.cells[0]
        if comparison is not None and comparison.verdict in WORDS:
            yield row.terms.name, comparison.verdict


def _against(table: ComparisonTable, place: int) -> Iterator[tuple[str, Verdict]]:
    for row in table.partners:
        verdict = _side_by_side(row, place)
        if verdict is not None:
            yield row.terms.name, verdict


def _side_by_side(row: Row, place: int) -> Verdict | None:
    """By the exact test of two counts, each per its people; None where one is not known."""
    home, other = _counted(row.terms, row.cells[0]), _counted(row.terms, row.cells[place])
    if home is None or other is None or row.terms.polarity == "neutral":
        return None
    return judge_change(
        other[0],
        home[0],
        polarity=row.terms.polarity,  # type: ignore[arg-type]
        before_exposure=other[1],
        after_exposure=home[1],
    ).verdict


def _counted(terms: Terms, comparison: Comparison | None) -> tuple[int, int] | None:
    """The later twelve months: how many, of how many people."""
    if comparison is None or comparison.after.value is None or comparison.after_people is None:
        return None
    if terms.unit != Unit.COUNT or comparison.after.of is not None or not terms.is_tested:
        return None
    return int(comparison.after.value), comparison.after_people.people


def _sentence(beginning: str, verdicts: Iterator[tuple[str, Verdict]]) -> str:
    """Names where they are few, and numbers where they are many."""
    by_verdict: dict[Verdict, list[str]] = {verdict: [] for verdict in WORDS}
    for name, verdict in verdicts:
        by_verdict[verdict].append(name)
    parts = [f"{WORDS[v]} {_named(v, names)}" for v, names in by_verdict.items() if names]
    return f"{beginning} {listed(parts)}." if parts else ""


def _named(verdict: Verdict, names: Sequence[str]) -> str:
    if verdict is Verdict.NO_CHANGE or len(names) > MOST_NAMED:
        return str(len(names))
    return f"{len(names)} ({'; '.join(names).lower()})"
