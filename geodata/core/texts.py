"""Texts as both stores can keep them."""


def storable(text: str) -> str:
    r"""A text without what is no letter: half a pair of UTF-16, which JSON may hold, and null.

    >>> storable("a\ud800b\0c")
    'a?bc'
    """
    return text.encode("utf-8", "replace").decode().replace("\0", "")
