"""For how many years something is kept, as a setting says it: a number, or for ever."""

KEEP, MOST = "keep", 30


def years_fault(text: str) -> str:
    """Why a text is no number of years, empty where it is one.

    >>> years_fault("6"), years_fault("keep"), years_fault("six")
    ('', '', 'write a whole number of years from 1 to 30, or keep')
    """
    text = text.strip()
    if text == KEEP or (text.isdecimal() and 1 <= int(text) <= MOST):
        return ""
    return f"write a whole number of years from 1 to {MOST}, or {KEEP}"


def years_of(text: str) -> int | None:
    """How many years something is kept; None: for ever."""
    return None if text.strip() == KEEP else int(text)
