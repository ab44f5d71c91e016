"""Where somebody lives, in free text: a number and a street, "from number 4", "lives in"."""

import re

Span = tuple[int, int]
_STREET = (
    r"(?:road|rd|street|st|avenue|ave|lane|ln|close|drive|crescent|cres|gardens|gdns|grove|hill"
    r"|terrace|way|court|walk|rise|mews|place|square|parade|broadway|view|row|green|park|heath)"
)
_PLAIN_WORD = (
    r"(?!(?:in|on|at|of|by|near|off|and|or|the|to|from|with|along|canisters?|chargers?|cylinders?|"
    r"bags?|boxes|bottles?|balloons?|metres?|meters?|yards?|minutes?|m|large|small|empty|big|more)\b)"
    r"[^\W\d_][\w'’-]*"
)
# A number that counts or names something else, or a spot that nobody lives in.
_NOT_A_HOME = re.compile(
    r"(?:\b(?:outside|opposite|near|behind|beside|by|between|alongside|past|bus|route|junction|level"
    r"|bay|deck|page|zone|platform|gate|exit|stop|stand|next to|in front of|across from|close to"
    r"|bay|lamp ?post|column|top|about|over|under|nearly|some|around)|[£#.:/-])\s*\Z",
    re.IGNORECASE,
)
_HOUSE_NUMBER = re.compile(
    rf"(?<![\w.,£-])\d{{1,4}}[a-z]?,?\s+(?:{_PLAIN_WORD}\s+){{1,3}}?{_STREET}\b(?!['’])",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"\b(?:liv(?:es?|ed|ing)|resid(?:es?|ing|ent)|stay(?:s|ed|ing)?)\s+(?:(?:just|still|over|up|down)\s+)?"
    rf"(?:at|in|on|opposite|above)\s+(?:no\.?\s*|number\s+|flat\s+)?"
    rf"(?:\d{{1,4}}[a-z]?\b(?:,?\s+(?:{_PLAIN_WORD}\s+){{0,3}}?{_STREET}\b)?"
    rf"|(?:{_PLAIN_WORD}\s+){{1,3}}?{_STREET}\b)"
    r"|\b(?:from|at|of|in)\s+(?:house\s+)?(?:no\.?|number|flat|apartment|unit\s+flat)\s*\d{1,4}[a-z]?\b"
    r"|\b(?:house|home|flat)\s+(?:number|no\.?)\s*\d{1,4}[a-z]?\b"
    r"|\bflat\s+(?:\d{1,4}[a-z]?|[a-h])\b(?!\s*(?:of|out)\b)",
    re.IGNORECASE,
)


def addresses_in(text: str, *, is_spot: bool = False) -> list[Span]:
    """First and last letter of each address of somebody's home; they may overlap.

    Of a text that says a spot only "lives at" and the like count.
    """
    homes = [match.span() for match in _HOME.finditer(text)]
    houses = [
        match.span()
        for match in _HOUSE_NUMBER.finditer(text)
        if _NOT_A_HOME.search(text, max(0, match.start() - 20), match.start()) is None
    ]
    return homes if is_spot else homes + houses
