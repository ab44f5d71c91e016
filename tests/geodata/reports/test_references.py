"""References: what a reporter is given to ask by."""

from collections import Counter

from scipy import stats

from geodata.reports import ALPHABET, new_references


def test_references_favour_no_letter() -> None:
    letters = Counter("".join(new_references(20_000)))
    assert set(letters) == set(ALPHABET)
    # Were each byte taken modulo 28, the first four letters would come up 10/9 as often.
    assert stats.chisquare(list(letters.values())).pvalue > 1e-6


def test_references_differ_and_are_as_many_as_were_asked_for() -> None:
    for n in (0, 1, 3, 5_000):
        references = new_references(n)
        assert len(set(references)) == n
        assert all(len(reference) == 10 for reference in references)
