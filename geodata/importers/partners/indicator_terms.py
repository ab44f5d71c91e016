"""What the figures of a partner's table mean; rows that mean something else are named."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from geodata.core.vocabulary import Disclosure, Polarity, Unit
from geodata.importers.parsed import Parsed
from geodata.importers.partners.published_values import without_footnote
from geodata.importers.partners.publisher_words import take_publisher_words
from geodata.importers.values import parse_whole, parse_word
from geodata.indicators.indicator_list import TERMS, by_key, key_of

PARAGRAPHS = range(1, 8)
"""Of Part 1 of Schedule 12A to the Local Government Act 1972: information that may be exempt."""
TOTAL = r"(?:(?:grand|sub|over ?all)[- ]?)?totals?:?|sum:?|all(?: (?:areas|districts|wards))?"
NO_SOURCE = "Source not given"
_UNITS = {unit.value.replace("_", " "): unit.value for unit in Unit} | {
    "number": Unit.COUNT.value,
    "numbers": Unit.COUNT.value,
    "counts": Unit.COUNT.value,
    "crimes": Unit.COUNT.value,
    "offences": Unit.COUNT.value,
    "incidents": Unit.COUNT.value,
    "percentage": Unit.PERCENT.value,
    "per cent": Unit.PERCENT.value,
    "per 1 000": Unit.RATE.value,
    "per 1000 people": Unit.RATE.value,
    "per 1 000 people": Unit.RATE.value,
    "per 1000 population": Unit.RATE.value,
    "per 1 000 population": Unit.RATE.value,
    "gbp": Unit.POUNDS.value,
}
_POLARITIES = {p.value: p.value for p in Polarity} | {
    "less is better": Polarity.LESS.value,
    "lower is better": Polarity.LESS.value,
    "lower": Polarity.LESS.value,
    "more is better": Polarity.MORE.value,
    "higher is better": Polarity.MORE.value,
    "higher": Polarity.MORE.value,
}


def take_terms(parsed: Parsed) -> None:
    """Add ``key`` and the terms of each row's indicator, as the store or its first row has them."""
    parsed.take_name("indicator")
    parsed.refuse(
        parsed.texts("indicator").str.fullmatch(TOTAL, case=False),
        "indicator",
        "sums other rows up and does not say of what: leave the row out, or name it (All crime)",
    )
    parsed.refuse_personal("indicator")
    parsed.columns["name"] = parsed.columns.pop("indicator").map(
        without_footnote, na_action="ignore"
    )
    parsed.columns["key"] = parsed.columns["name"].map(
        lambda name: key_of(name if isinstance(name, str) else "")
    )
    _take_words(parsed)
    here = by_key(parsed.session)
    known = {key: {term: getattr(row, term) for term in TERMS} for key, row in here.items()}
    _refuse_new_without_class(parsed, known)
    _settle(parsed, known)


def _take_words(parsed: Parsed) -> None:
    parsed.take("unit", _words(_UNITS), f"is no unit: write {', '.join(Unit)}")
    parsed.take(
        "polarity", _words(_POLARITIES), "is not less, more or neutral: say which is better"
    )
    classes = {d.value: d.value for d in Disclosure}
    parsed.take("disclosure", _words(classes), "is not public or exempt: write one of them")
    parsed.take(
        "paragraph",
        lambda texts: parse_whole(texts).where(lambda n: n.isin(PARAGRAPHS)),
        "is no paragraph of Part 1 of Schedule 12A: write 1 to 7",
    )
    is_exempt = parsed.columns["disclosure"] == Disclosure.EXEMPT
    parsed.refuse(
        is_exempt & (parsed.texts("paragraph") == ""),
        "paragraph",
        "is empty: an exempt figure says under which paragraph of Schedule 12A",
    )
    parsed.refuse(
        (parsed.columns["disclosure"] == Disclosure.PUBLIC) & (parsed.texts("paragraph") != ""),
        "paragraph",
        "belongs to exempt figures, and this one is public: which is it?",
    )
    take_publisher_words(parsed, "source", most=200)
    take_publisher_words(parsed, "definition", most=4000)


def _words(words: Mapping[str, str]) -> Callable[[pd.Series], pd.Series]:
    return lambda texts: parse_word(texts, words)


def _refuse_new_without_class(parsed: Parsed, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Whether something may be published is never guessed, nor what it is measured in."""
    firsts = parsed.columns.drop_duplicates("key")
    for term, advice in (
        ("disclosure", "add a column class with public or exempt"),
        ("unit", f"add a column unit with {', '.join(Unit)}"),
    ):
        new = firsts[firsts[term].isna() & ~firsts["key"].isin(list(known))]["key"]
        is_new, is_empty = parsed.columns["key"].isin(list(new)), parsed.texts(term) == ""
        bad = is_new & is_empty & (parsed.columns["key"] != "")
        parsed.refuse(
            bad, term, f"is not said, and this indicator is new here: {advice} to its first row"
        )
        parsed.refuse(
            is_new & parsed.columns[term].notna(),
            term,
            "cannot be settled: the first row of this indicator says it in no way that is known, "
            "so put that right",
        )


def _settle(parsed: Parsed, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Give each row the terms of its series; refuse those whose own are others."""
    terms = dict(known)
    firsts = parsed.columns.drop_duplicates("key")
    for row in firsts.to_dict("records"):
        terms.setdefault(row["key"], _defaults({term: row[term] for term in TERMS}))
    keys = parsed.columns["key"]
    for term in ("unit", "polarity", "disclosure", "paragraph"):
        settled = keys.map({key: each[term] for key, each in terms.items()}).astype(object)
        own = parsed.columns[term]
        differs = own.notna() & (own != settled)
        for word in settled[differs].unique():
            parsed.refuse(
                differs & (settled == word), term, f"differs from the series, which has {word}"
            )
        parsed.columns[term] = settled.where(settled.notna(), None)
    for term in ("name", "source", "definition"):
        parsed.columns[term] = keys.map({key: each[term] for key, each in terms.items()})


def _defaults(terms: dict[str, Any]) -> dict[str, Any]:
    """Neither way is better until somebody says so."""
    paragraph = terms["paragraph"]
    return terms | {
        "polarity": terms["polarity"] or Polarity.NEUTRAL.value,
        "paragraph": None if pd.isna(paragraph) else int(paragraph),
        "source": terms["source"] or NO_SOURCE,
    }
