"""What a publisher says of its figures: partners read it, so nobody is named in it."""

from geodata.importers.parsed import Parsed
from geodata.importers.values import without_personal_data
from geodata.people.personal_data import REMOVED


def take_publisher_words(parsed: Parsed, field: str, *, most: int) -> None:
    """Take a text without those whom it names; the first row in which it did is told."""
    parsed.take(field, lambda texts: without_personal_data(texts).str[:most])
    taken = parsed.columns[field].fillna("").astype(str)
    changed = parsed.columns.index[taken.str.contains(REMOVED, regex=False)]
    if len(changed):
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        parsed.warnings.append(
            f"{parsed.headers.get(field, field)}: somebody was named in row {changed[0]}{more}, "
            "and taken out. Name the publisher or a post"
        )
