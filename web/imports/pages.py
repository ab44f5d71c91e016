"""All imports, the form that sends a file, and the way back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSelect
from werkzeug.datastructures import FileStorage
from wtforms import SelectField

from geodata.core.errors import RefusedError
from geodata.importers import batches
from web.auth import actor
from web.clock import utc_now
from web.database import close_session, read_session, store
from web.filters import sentence
from web.forms.file_names import kept_name
from web.imports.blueprint import folder, imports, officers_only, rights
from web.server.ticks import wake
from web.services.admin.retention_schedule import COPIES_KEPT
from web.services.imports import held_imports, import_work, importing, taking_out
from web.services.imports.held_imports import Held
from web.services.imports.import_kinds import kinds_for, refuse_other

MOST_LISTED = 100


class FileForm(FlaskForm):  # type: ignore[misc]
    """A file, and what its rows are."""

    kind = SelectField("What the rows are", widget=GovSelect())
    file = FileField(
        "The file",
        widget=GovFileInput(),
        description="Up to 50 MB: CSV, Excel (XLSX, XLS), ODS, GeoJSON, GeoPackage, KML, GPX, a "
        "zipped Shapefile or MapInfo table, or a list in JSON or XML.",
    )


def _form() -> FileForm:
    form = FileForm()
    form.kind.choices = [(kind.name, kind.words) for kind in kinds_for(rights())]
    return form


@imports.get("", strict_slashes=False)
@officers_only
def board() -> ResponseReturnValue:
    return _page(_form())


@imports.post("", strict_slashes=False)
@officers_only
def send() -> ResponseReturnValue:
    """Keep a file, look at it, and show what would become of it."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 400
    try:
        held = import_work.look_soon(store(), _kept(form), now=utc_now())
    except RefusedError as error:
        form.file.errors = [sentence(error)]
        return _page(form), 400
    wake()
    return redirect(url_for(".look", token=held.token))


def _kept(form: FileForm) -> Held:
    sent = form.file.data
    name = kept_name(sent.filename) if isinstance(sent, FileStorage) else ""
    if not name:
        raise RefusedError("choose the file")
    close_session()
    return held_imports.hold(folder(), sent.stream, name, form.kind.data, actor())


@imports.post("/<int:batch>/undo")
@officers_only
def undo(batch: int) -> ResponseReturnValue:
    """Take an import out again, whole; what nobody sees any more of a long one goes later."""
    refuse_other(rights(), batches.find(read_session(), batch).kind)
    by = actor()
    close_session()
    try:
        undone = taking_out.undo(store(), batch, now=utc_now(), by=by, is_removed=False)
    except RefusedError as error:
        flash(sentence(error) + ".", "important")
    else:
        wake()
        rows = "1 row is" if undone.rows == 1 else f"{undone.rows} rows are"
        words = [f"Import {batch} is undone: {rows} taken out."]
        flash(" ".join([*words, *importing.back_in_words(undone.back)]), "success")
    return redirect(url_for(".board"))


def _page(form: FileForm) -> str:
    own = {kind.name: kind.words for kind in kinds_for(rights())}
    return render_template(
        "imports/board.html",
        form=form,
        words=own,
        waiting=held_imports.of_account(folder(), actor().user_id),
        now=utc_now(),
        copies_days=COPIES_KEPT.days,
        made=batches.listed(read_session(), list(own), limit=MOST_LISTED),
    )
