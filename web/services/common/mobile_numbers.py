"""Mobile numbers of the United Kingdom, as people write them and as text messages go to them."""

import re

from geodata.core.errors import RefusedError

_MOBILE = re.compile(r"7(?:[1-57-9]\d{8}|624\d{6})")
"""After the country's code: 071 to 075 and 077 to 079, and 07624 of the Isle of Man. 070 are
personal numbers that are dear to call, and the rest of 076 pagers (Ofcom, National Telephone
Numbering Plan, part B3)."""


def mobile_number(text: str) -> str:
    """A number as it is kept and dialled from anywhere.

    Raises
    ------
    RefusedError
        It is no mobile number of the United Kingdom.

    Examples
    --------
    >>> mobile_number(" 07700 900 123 "), mobile_number("0044 (0)7700-900123")
    ('+447700900123', '+447700900123')
    """
    dialled = re.sub(r"[\s().–-]", "", text)
    national = re.sub(r"^(?:(?:\+|00)?44)?0?", "", dialled)
    if not _MOBILE.fullmatch(national):
        raise RefusedError(f"{text.strip()!r} is no mobile number of the United Kingdom")
    return f"+44{national}"
