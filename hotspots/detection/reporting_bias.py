"""A change that only new ways of reporting show is no change of dumping."""

import pandas as pd

from hotspots.timing.channels import ReportingChange


def held_to_steady(
    verdicts: pd.DataFrame,
    by_steady: pd.DataFrame,
    change: ReportingChange | None,
    *,
    column: str,
    changes: tuple[str, ...],
) -> pd.DataFrame:
    """Verdicts of change that the channels in use all along share; theirs in place of the others.

    Parameters
    ----------
    verdicts, by_steady
        On one index: ``column`` and ``sentence``; of all incidents, and of those that a steady
        channel told of.
    change
        What of the reporting changed; None leaves all as it is. Where too little is left of the
        steady channels, verdicts stand, with a word of warning.
    changes
        The values of ``column`` that say that something has changed.

    Returns
    -------
    DataFrame
        As ``verdicts``.
    """
    if change is None:
        return verdicts
    says_change = verdicts[column].isin(changes)
    warned = verdicts["sentence"] + f" But {change.words}: it may be more or less told of."
    if not change.is_enough:
        return verdicts.assign(sentence=verdicts["sentence"].where(~says_change, warned))
    is_doubtful = says_change & (verdicts[column] != by_steady[column])
    instead = (
        f"{change.words[0].upper()}{change.words[1:]}; without them: "
        + by_steady["sentence"].str[:1].str.lower()
        + by_steady["sentence"].str[1:]
    )
    held = verdicts.where(~is_doubtful, by_steady)
    return held.assign(sentence=verdicts["sentence"].where(~is_doubtful, instead))
