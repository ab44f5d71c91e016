"""Photos of a form: counted, weighed and cleaned, in this order, before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from geodata.media.photos import MAX_PER_REPORT
from geodata.media.picture_workers import BusyError, SlowPictureError, picture_workers
from geodata.media.pictures import CleanPicture, PictureRefusedError
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

SAID = (
    N_("The photo cannot be read: it is damaged, or not a JPEG, PNG, HEIC or WebP"),
    N_("The photo is empty: choose it again"),
    N_("The file holds more than a photo: take the photo again, or send a screenshot of it"),
    N_("The photo could not be freed of hidden data, so it is not kept"),
    N_("The photo takes too long to read: send a screenshot of it instead"),
    N_("Many photos are being read at this moment: send it again in a minute"),
)
"""What reading a photo refuses in one sentence, for translators; tested to be what it says."""


@dataclass
class SentPhotos:
    """What was sent: the photos that can be kept, and what is wrong with the others.

    Attributes
    ----------
    is_busy
        Whether nothing is wrong but that too many photos are being read: the same form, sent
        again, will do.
    """

    cleaned: list[CleanPicture] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    is_busy: bool = False

    @property
    def refused_status(self) -> int:
        """HTTP status of the page that says what is wrong."""
        return 503 if self.is_busy else 400


def chosen_files(files: Iterable[object] | None) -> list[FileStorage]:
    """The files of a field: a browser sends a nameless one where none is chosen."""
    return [file for file in files or () if isinstance(file, FileStorage) and file.filename]


def clean_photos(files: Iterable[object] | None, *, most: int = MAX_PER_REPORT) -> SentPhotos:
    """The photos of a field without all that is not picture. It takes its time: lock no store.

    A photo that is refused loses none of the others; one that nobody can read ends the work.
    Of those beyond ``most`` none is looked at.
    """
    chosen, sent = chosen_files(files), SentPhotos()
    if len(chosen) > most:
        sent.faults.append(
            _(
                "Up to %(most)s photos are kept: leave %(extra)s out",
                most=most,
                extra=len(chosen) - most,
            )
        )
    for number, file in enumerate(chosen[:most], start=1):
        try:
            sent.cleaned.append(picture_workers().clean(file.read()))
        except PictureRefusedError as error:
            sent.faults.append(
                _(
                    "Photo %(number)s of %(all)s: %(fault)s",
                    number=number,
                    all=len(chosen),
                    fault=_(str(error)),
                )
            )
            if isinstance(error, SlowPictureError):
                break
        except BusyError as error:
            sent.faults.append(_(str(error)))
            sent.is_busy = True
            break
    return sent
