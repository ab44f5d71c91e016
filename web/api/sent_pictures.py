"""Photos beside a request, through the same bounds as a form's."""

from flask import request

from geodata.media.pictures import CleanPicture
from web.api.faults import Fault, FaultError
from web.forms.sent_photos import clean_photos


def sent_pictures() -> list[CleanPicture]:
    """The photos of the parts ``photos``; see ``clean_all``."""
    return clean_all("photos")


def clean_all(part: str | None = None) -> list[CleanPicture]:
    """The photos of a part, or of every part, cleaned before anything is written.

    Raises
    ------
    FaultError
        One cannot be kept, or too many are being read now.
    """
    if request.mimetype != "multipart/form-data":
        return []
    names = [part] if part else list(request.files)
    sent = clean_photos([file for name in names for file in request.files.getlist(name)])
    if sent.is_busy:
        raise FaultError(
            503,
            "Too many photos are being read",
            "Send the same request again in a few seconds. Nothing was stored.",
            headers={"Retry-After": "5"},
        )
    if sent.faults:
        raise FaultError(
            400,
            "A photo cannot be kept",
            "Leave it out or send it as JPEG, and send the rest again. Nothing was stored.",
            [Fault("body.photos", fault) for fault in sent.faults],
        )
    return sent.cleaned
