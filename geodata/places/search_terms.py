"""What people write of a place, as terms to search by: each with the ways in which it is named."""

from collections.abc import Iterable, Sequence

Term = tuple[tuple[str, ...], ...]
"""Alternatives; of each, all words must begin a word of the name."""

CAR_PARK: Term = (("car", "park"), ("carpark",))
PHRASES: dict[tuple[str, str], Term] = {
    ("car", "park"): CAR_PARK,
    ("train", "station"): (("station",),),
    ("rail", "station"): (("station",),),
    ("railway", "station"): (("station",),),
}
OTHER_NAMES: dict[str, Term] = {
    "carpark": CAR_PARK,
    "cp": (("cp",), *CAR_PARK),
    "parking": (("parking",), *CAR_PARK),
    "rd": (("rd",), ("road",)),
    "ave": (("ave",), ("avenue",)),
    "av": (("av",), ("avenue",)),
    "ln": (("ln",), ("lane",)),
    "cl": (("cl",), ("close",)),
    "dr": (("dr",), ("drive",)),
    "ct": (("ct",), ("court",)),
    "sq": (("sq",), ("square",)),
    "pk": (("pk",), ("park",)),
    "gdns": (("gdns",), ("gardens",)),
    "stn": (("stn",), ("station",)),
    "saint": (("saint",), ("st",)),
}
FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "behind",
        "beside",
        "between",
        "by",
        "corner",
        "flat",
        "from",
        "in",
        "near",
        "next",
        "no",
        "nr",
        "number",
        "of",
        "off",
        "on",
        "opp",
        "opposite",
        "outside",
        "the",
        "to",
        "unit",
    ]
)
"""Words that say how a place lies to another, or which door: no name is found by them."""


def terms_of(words: Sequence[str]) -> list[Term]:
    """The terms of a text's words.

    >>> terms_of(["westgate", "carpark"])
    [(('westgate',),), (('car', 'park'), ('carpark',))]
    """
    terms, at = [], 0
    while at < len(words):
        phrase = PHRASES.get((words[at], words[at + 1])) if at + 1 < len(words) else None
        terms.append(phrase or OTHER_NAMES.get(words[at], ((words[at],),)))
        at += 2 if phrase else 1
    return terms


def telling(words: Iterable[str]) -> list[str]:
    """The words without fillers and numbers of doors.

    >>> telling(["outside", "12a", "the", "high", "street", "m25"])
    ['high', 'street', 'm25']
    """
    return [word for word in words if word not in FILLERS and not word[0].isdigit()]


def less_one(terms: Sequence[Term]) -> list[list[Term]]:
    """The terms without each of them in turn, where two remain: one alone says too little."""
    if len(terms) < 3:
        return []
    return [[*terms[:n], *terms[n + 1 :]] for n in range(len(terms))]
