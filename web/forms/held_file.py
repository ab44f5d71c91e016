"""A file that is looked at before it goes in: the page of its preview carries it, so that nothing
is kept of it until somebody takes it in."""

import base64
import binascii
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField

from geodata.core.errors import RefusedError
from web.forms.file_names import kept_name
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

MOST_BYTES = 256 * 1024
"""Some thousand rows; a field of a form may hold no more than 500 kB, and base64 takes a third."""
SPREADSHEETS = (".csv", ".xlsx")


class HeldFileForm(FlaskForm):  # type: ignore[misc]
    """A file; on the page of its preview, the same file as it was sent.

    A form of this kind has its own field ``file``.
    """

    file: FileField
    name, content = HiddenField(), HiddenField()
    nothing_sent = N_("Choose the file")
    """Said where nothing was sent."""
    endings: tuple[str, ...] = SPREADSHEETS
    """Of the files that are taken."""
    wrong_ending = N_("%(name)s is no CSV or XLSX: save it as one of these")
    """Said of others."""
    most_sent_bytes = MOST_BYTES
    """More than ``MOST_BYTES`` where `shortened` makes it less."""

    def take(self) -> None:
        """Hold what was sent now; else it holds what the preview carried on.

        Raises
        ------
        RefusedError
            It is too large.
        """
        sent = self.file.data
        if isinstance(sent, FileStorage) and sent.filename:
            name = kept_name(sent.filename)
            content = sent.read(self.most_sent_bytes + 1)
            if len(content) > MOST_BYTES:
                name, content = self.shortened(name, content)
            if len(content) > MOST_BYTES:
                raise RefusedError(_("The file has more than 256 kB: send it in parts"))
            self.name.data = name
            self.content.data = base64.b64encode(content).decode()

    def shortened(self, name: str, content: bytes) -> tuple[str, bytes]:
        """What is held of a file that is too large: by itself all of it, which is refused."""
        return name, content

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """The held file, on disk for as long as it is read.

        Raises
        ------
        RefusedError
            There is none, or one of another kind.
        """
        name = kept_name(self.name.data)
        if not self.content.data:
            raise RefusedError(_(self.nothing_sent))
        if Path(name).suffix.lower() not in self.endings:
            raise RefusedError(_(self.wrong_ending, name=name))
        with on_disk(name, self._bytes()) as path:
            yield path

    def _bytes(self) -> bytes:
        try:
            return base64.b64decode(self.content.data or "", validate=True)
        except (binascii.Error, ValueError):
            raise RefusedError(_("The file was cut off on its way: choose it again")) from None


@contextmanager
def on_disk(name: str, content: bytes) -> Iterator[Path]:
    """A file in a folder of its own; refusals call it by its name, as whoever sent it does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            yield path
        except RefusedError as error:
            raise RefusedError(str(error).replace(str(path), name)) from None
