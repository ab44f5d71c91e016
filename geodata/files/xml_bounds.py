"""An XML file walked through once, within bounds, before anything is built from it."""

from collections.abc import Callable
from xml.parsers import expat

from geodata.files.bounds import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, refuse_many
from geodata.files.problems import FileRefusedError

DEEPEST = 64
"""Elements within elements: a KML has some twenty."""

OnStart = Callable[[str, int, dict[str, str]], None]
OnEnd = Callable[[str, int, str], None]


def walk(
    name: str,
    content: bytes,
    on_start: OnStart,
    on_end: OnEnd,
    on_text: Callable[[str], None] = lambda _: None,
) -> None:
    """Tell of each element its name without prefix and its depth, 0 of the root.

    Parameters
    ----------
    name
        The file's, for messages.
    on_start
        Given name, depth and attributes.
    on_end
        Given name, depth and the text since the last element began or ended, stripped.

    on_text
        Given texts piece by piece, with their spaces.

    Raises
    ------
    FileRefusedError
        It is no XML, declares entities, nests deep, or has too many elements or letters in a text.
    """
    parser = expat.ParserCreate()
    open_elements: list[str] = []
    texts: list[str] = []
    counts = {"elements": 0, "letters": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        counts["elements"] += 1
        refuse_many(name, counts["elements"], MOST_CELLS, "elements")
        if len(open_elements) >= DEEPEST:
            raise FileRefusedError(f"{name} nests more than {DEEPEST} elements: export it anew")
        clear()
        on_start(tag.rpartition(":")[2], len(open_elements), attributes)
        open_elements.append(tag)

    def end(tag: str) -> None:
        open_elements.pop()
        on_end(tag.rpartition(":")[2], len(open_elements), "".join(texts).strip())
        clear()

    def clear() -> None:
        texts.clear()
        counts["letters"] = 0

    def letters(text: str) -> None:
        counts["letters"] += len(text)
        refuse_many(name, counts["letters"], 10 * LONGEST_CELL, "letters in one text")
        texts.append(text)
        on_text(text)

    def declare(*_: object) -> None:
        raise FileRefusedError(f"{name} declares its own entities: export it without")

    handlers = {
        "StartElementHandler": start,
        "EndElementHandler": end,
        "CharacterDataHandler": letters,
        "StartDoctypeDeclHandler": declare,
    }
    for event, handler in handlers.items():
        setattr(parser, event, handler)
    try:
        parser.Parse(content, True)
    except FileRefusedError:  # which is a ValueError too
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FileRefusedError(f"{name} is no XML: {error}") from None


def root_of(name: str, content: bytes) -> str:
    """Name of the outermost element, once the whole file is found to be within bounds.

    What a KML calls its data are its columns: GDAL compares each with all others.
    """
    roots: list[str] = []
    columns: set[str] = set()

    def on_start(tag: str, depth: int, attributes: dict[str, str]) -> None:
        if depth == 0:
            roots.append(tag)
        columns.add(attributes.get("name", ""))
        refuse_many(name, len(columns), MOST_COLUMNS, "columns")

    walk(name, content, on_start, lambda _tag, _depth, _text: None)
    return roots[0]
