"""What importers say of a command's options, in the words of the page."""

import re

WORDS = {
    "--save-profile": "“Keep these choices”",
    "--profile": "“What system the file is of”",
    "--where": "“Only these rows”",
    "--ignore": "“Leave out” for",
    "--layer": "“Layer or sheet”",
    "--dates": "“Dates such as 03/04/2026”",
    "--crs": "“Coordinate system”",
    "--sync": "“the whole of a feed”",
    "--map": "“Taken for”",
}
_OPTION = re.compile("|".join(map(re.escape, WORDS)))
_CALL = re.compile(r"call the one that does (\w+) in the file's first row")
_CHOICE = re.compile(r"Choose those that are: .*", re.DOTALL)


def in_words(message: str) -> str:
    """A message without the options of a command.

    >>> in_words("is the coordinate system right (--crs)?")
    'is the coordinate system right (“Coordinate system”)?'
    """
    if _CHOICE.search(message):
        message = _CHOICE.sub(
            "Tick below which values mean canisters; if the column says nothing of what was found, "
            "choose “Leave out” for it",
            message,
        )
    message = _CALL.sub(r"choose \1 below for the one that does", message)
    return _OPTION.sub(lambda option: WORDS[option.group()], message)
