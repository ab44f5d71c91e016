"""Coordinates that a program rounded before they came: said, and not taken for exact."""

import numpy as np
import pandas as pd

from geodata.importers.where.several_positions import Positions

EXACT_DECIMALS = 4
"""Of a degree: within 6.5 m."""
_HALF_DIAGONAL_M = 65_700
"""Of a degree's square at 51.5° N: 111.3 km by 69.4 km."""
_CUT = r"[-+]?\d(?:[.,](?P<digits>\d+))?[Ee]\+?0*(?P<power>\d+)"

CUT_WORDS = (
    "was cut by a spreadsheet: format the column as a number without an exponent, and save it again"
)


def note_coarse(located: Positions, texts: pd.DataFrame) -> None:
    """Say how far off degrees of few decimals lie, and keep it as their accuracy.

    The column with the most decimals counts: a program that writes 51.5 for 51.50000 leaves
    hundreds of others with five.
    """
    stands = np.isfinite(located.xy).all(axis=1) & (located.problem == "").to_numpy()
    texts = texts[stands]
    decimals = texts.apply(lambda column: column.str.extract(r"[.,](\d+)\D*$")[0].str.len())
    most = decimals.max().max()
    if texts.empty or texts.apply(lambda column: column.str.contains("[°E]")).any(axis=None):
        return
    most = 0 if pd.isna(most) else int(most)
    if most >= EXACT_DECIMALS:
        return
    off_m = _HALF_DIAGONAL_M / 10**most
    located.accuracy_m[stands & np.isnan(located.accuracy_m)] = off_m
    located.notes.append(
        f"{located.column} have {most} decimals at most: every row may lie {off_m:.0f} m off. Ask "
        f"for a file with 5 decimals"
    )


def refuse_cut(located: Positions, texts: pd.DataFrame) -> None:
    """Refuse numbers of which a spreadsheet has left only the first digits: 5.54E+05."""
    for name in texts:
        located.problem[is_cut(texts[name]) & (located.problem == "")] = CUT_WORDS


def is_cut(texts: pd.Series) -> pd.Series:
    """Which texts are numbers with fewer digits than they need, on the same index."""
    parts = texts.str.extract(_CUT)
    digits = parts["digits"].fillna("").str.len()
    return parts["power"].notna() & (digits < pd.to_numeric(parts["power"]))
