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
    "--withdraw-gone": "“Withdraw what is gone”",
    "--sync": "“the whole of a feed”",
    "--map": "“Taken for”",
}
_OPTION = re.compile("|".join(map(re.escape, WORDS)))
_CALL = re.compile(r"hold (\w+): call the one that does \w+ in the file's first row")
_CATEGORIES = re.compile(r"Keep the rows that are about canisters; .*", re.DOTALL)


def in_words(message: str, in_shell: str = "") -> str:
    """A message without the options of a command, and with the choices that do the same here.

    >>> in_words("is the coordinate system right (--crs)?")
    'is the coordinate system right (“Coordinate system”)?'
    >>> in_words("write the days in full", "or give --dates dmy or --dates mdy")
    'write the days in full; or choose “Dates such as 03/04/2026” below'
    """
    if _CATEGORIES.search(message):
        return _CATEGORIES.sub(
            "Tick below which values mean canisters; if the column says nothing of what was found, "
            "choose “Leave out” for it",
            message,
        )
    message = _CALL.sub(_chosen, message)
    message = _OPTION.sub(lambda option: WORDS[option.group()], message)
    choices = dict.fromkeys(WORDS[option] for option in _OPTION.findall(in_shell))
    is_said = "below" in message or not choices
    return message if is_said else f"{message}; or choose {' or '.join(choices)} below"


def _chosen(call: re.Match[str]) -> str:
    field = call[1].replace("_", " ")
    return f"hold “{field}”: choose that below for the one that does"
