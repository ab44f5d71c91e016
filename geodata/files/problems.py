"""What is wrong with a cell: a value that is collected, not an exception that stops."""

from dataclasses import dataclass

from geodata.core.errors import RefusedError


class FileRefusedError(RefusedError):
    """The file as a whole cannot be imported; the message says why and what to do.

    Attributes
    ----------
    in_shell
        What a command's options can do about it, for whoever gave the command: a page has none.
    """

    def __init__(self, message: str, *, in_shell: str = "") -> None:
        super().__init__(message)
        self.in_shell = in_shell


class TooMuchError(FileRefusedError):
    """The file holds more than may be read here."""


def no_map(name: str, why: str) -> FileRefusedError:
    """The refusal of a map file that is not what its ending says, or is torn."""
    return FileRefusedError(
        f"{name} cannot be read as a map file: {why.rstrip('. ')}. Save or export it anew, best as "
        "GeoPackage or GeoJSON, without changing its ending by hand"
    )


@dataclass(frozen=True)
class Problem:
    """A row that cannot go in.

    Attributes
    ----------
    row
        As a spreadsheet numbers it: the header is row 1.
    column, value
        Which cell; the column's name in the file.
    message
        What is wrong and what to do.
    """

    row: int
    column: str
    value: str
    message: str
