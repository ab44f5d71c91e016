"""Numbers and lists as people write them."""

from collections.abc import Sequence


def counted(n: int, noun: str) -> str:
    """A number and its noun, in the plural where there is not one.

    Examples
    --------
    >>> counted(1, "incident"), counted(0, "incident")
    ('1 incident', '0 incidents')
    """
    return f"{n} {noun}{'' if n == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """A list with "and" before the last.

    Examples
    --------
    >>> listed(["Mon"]), listed(["Mon", "Wed", "Sun"])
    ('Mon', 'Mon, Wed and Sun')
    """
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
