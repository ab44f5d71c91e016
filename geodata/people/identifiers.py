"""A mail address or a telephone number, however it is written: compared, found, taken out."""

import hashlib
import re
from dataclasses import dataclass

from geodata.core.errors import RefusedError
from geodata.people.personal_data import REMOVED, certain_in

FEWEST_DIGITS = 9


@dataclass(frozen=True)
class Identifier:
    """What somebody is known by: ``mail`` in small letters, or ``digits`` as dialled at home."""

    mail: str = ""
    digits: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds it in a text, a number also with gaps and with the country's code."""
        if self.mail:
            return re.compile(rf"(?<![\w.+-]){re.escape(self.mail)}(?![\w-])", re.IGNORECASE)
        gaps = r"[\s().-]*"
        rest = gaps.join(self.digits.removeprefix("0"))
        return re.compile(rf"(?<!\d)(?:\(?(?:\+|00)44\)?{gaps}(?:\(0\))?|\(?0){gaps}{rest}(?!\d)")

    @property
    def sha256(self) -> str:
        """Tells it from others without telling it; for holds, which must not name anybody."""
        return hashlib.sha256(f"{self.mail}|{self.digits}".encode()).hexdigest()

    def is_in(self, text: str | None) -> bool:
        return bool(text) and self.pattern.search(text or "") is not None

    def taken_out_of(self, text: str) -> str:
        return self.pattern.sub(REMOVED, text)


def parse_identifier(text: str) -> Identifier:
    """A mail address or telephone number as somebody writes it.

    Raises
    ------
    RefusedError
        It is neither.

    Examples
    --------
    >>> parse_identifier("+44 7700 900123") == parse_identifier("07700 900 123")
    True
    >>> parse_identifier("Jo@Example.org")
    Identifier(mail='jo@example.org', digits='')
    """
    words = text.strip()
    if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", words) and len(words) <= 254:
        return Identifier(mail=words.casefold())
    digits = re.sub(r"^(?:00|\+)?44(?:0)?(?=\d{9,10}$)", "0", re.sub(r"[\s().+-]", "", words))
    if digits.isdecimal() and FEWEST_DIGITS <= len(digits) <= 15:
        return Identifier(digits=digits)
    raise RefusedError(
        f"{words!r} is no mail address and no telephone number: write it whole, such as "
        "jo@example.org or 07700 900123"
    )


def hashes_in(text: str | None) -> set[str]:
    """Hashes of all addresses and numbers that stand in a text."""
    hashes = set()
    for identifier in certain_in(text or ""):
        try:
            hashes.add(parse_identifier(identifier).sha256)
        except RefusedError:
            continue  # a name or a number plate: no hold is placed by these
    return hashes
