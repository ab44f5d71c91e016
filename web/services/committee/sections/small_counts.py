"""Counts that may be too small for the public: how they are said."""

from web.services.publishing.disclosure import SMALLEST_SHOWN

TOO_FEW = "Too few to show"


def small(count: int) -> str:
    """
    >>> small(4), small(1204)
    ('fewer than 5', '1,204')
    """
    return f"fewer than {SMALLEST_SHOWN}" if count < SMALLEST_SHOWN else f"{count:,}"


def share_words(met: int, of: int) -> str:
    """
    >>> share_words(9, 12), share_words(0, 0)
    ('75%', 'None fell due')
    """
    return f"{100 * met / of:.0f}%" if of else "None fell due"
