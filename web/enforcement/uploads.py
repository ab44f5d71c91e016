"""An area as a form sends it."""

import tempfile
from pathlib import Path

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from geodata.core.errors import RefusedError
from web.enforcement.order_forms import AreaForm
from web.forms.file_names import kept_name
from web.services.enforcement.drawn_areas import area_from


def has_area(form: AreaForm) -> bool:
    """Whether the form holds a file or corners."""
    return bool(_file(form) or (form.corners.data or "").strip())


def area_of(session: Session, form: AreaForm) -> BaseGeometry:
    """The area of a form, EPSG:27700.

    Raises
    ------
    RefusedError
        There is none, or it cannot be read.
    """
    sent = _file(form)
    if sent is None:
        return area_from(session, corners=form.corners.data or "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (kept_name(sent.filename) or "area")
        sent.save(path)
        try:
            return area_from(session, file=path)
        except RefusedError as error:  # whoever sent it knows the file by its own name
            raise RefusedError(str(error).replace(str(path), path.name)) from None


def _file(form: AreaForm) -> FileStorage | None:
    sent = form.file.data
    return sent if isinstance(sent, FileStorage) and sent.filename else None
