"""Whether a secret key is one: long, drawn by chance, and printed nowhere.

Whoever knows the key signs in as anybody, so a key that can be looked up is none.
"""

from zxcvbn import zxcvbn

MIN_LENGTH = 32
MIN_GUESSES_LOG10 = 24
"""2 to the power of 80: out of reach. 32 drawn hexadecimal digits come out at 28 or more."""
READ_BY_ZXCVBN = 72
HOW_TO_MAKE_ONE = "the output of  python -c 'import secrets; print(secrets.token_hex(32))'"
GIVEAWAYS = ("secret", "password", "change", "example", "replace", "canister", "hotspot", "council")
"""Words of examples, and of the command above where it was pasted instead of its output."""
PRINTED = frozenset(
    # Of Flask's tutorial, and so of many a site.
    {"192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"}
)


def fault(key: str) -> str | None:
    """What is wrong with a key, as the end of a sentence; None where nothing is.

    >>> fault("")
    'is not set'
    >>> fault("dartford")
    'is short: 8 characters, 32 are needed'
    >>> fault("x" * 40)
    'can be guessed'
    """
    if not key:
        return "is not set"
    if len(key) < MIN_LENGTH:
        return f"is short: {len(key)} characters, {MIN_LENGTH} are needed"
    if key.casefold() in PRINTED or any(word in key.casefold() for word in GIVEAWAYS):
        return "is one that stands in a text"
    guesses = zxcvbn(key[:READ_BY_ZXCVBN], max_length=READ_BY_ZXCVBN)["guesses_log10"]
    return "can be guessed" if guesses < MIN_GUESSES_LOG10 else None


def advice(key: str) -> str | None:
    """What is wrong with the setting and how to mend it, in one sentence; None where nothing is."""
    weakness = fault(key)
    return weakness and f"HOTSPOTS_SECRET_KEY {weakness}: set it to {HOW_TO_MAKE_ONE}"
