"""The filled-in worklist comes back: a look at what would go in, then in, then back again."""

import base64
import binascii
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename
from wtforms import HiddenField

from geodata.core.errors import GeodataError, RefusedError
from geodata.importers.batches import ImportResult, find
from web.auth import actor
from web.clock import utc_now
from web.contractor.blueprint import contractor, crews_only, own_scope
from web.database import commits, read_session
from web.services.admin import worklist_answers

MOST_BYTES = 256 * 1024
"""Some thousand jobs. The page of the preview carries the file, so that nothing is kept of it."""
ENDINGS = (".csv", ".xlsx")


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """A file; on the page of its preview, the same file as it was sent."""

    file = FileField(
        "The worklist with your outcomes",
        widget=GovFileInput(),
        description="The CSV that you downloaded here, or the same as XLSX, of up to 256 kB.",
    )
    name, content = HiddenField(), HiddenField()

    def take(self) -> None:
        """Hold what was sent now; else it holds what the preview carried on."""
        sent = self.file.data
        if isinstance(sent, FileStorage) and sent.filename:
            content = sent.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise RefusedError("The file has more than 256 kB: send it in parts")
            self.name.data = secure_filename(sent.filename)
            self.content.data = base64.b64encode(content).decode()

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """The held file, on disk for as long as it is read.

        Raises
        ------
        RefusedError
            There is none, or one of another kind.
        """
        name = secure_filename(self.name.data or "")
        if not self.content.data:
            raise RefusedError("Choose the file with your outcomes")
        if Path(name).suffix.lower() not in ENDINGS:
            raise RefusedError(f"{name or 'The file'} is no CSV or XLSX: save it as one of these")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(self._bytes())
            try:
                yield path
            except RefusedError as error:  # whoever sent it knows the file by its own name
                raise RefusedError(str(error).replace(str(path), name)) from None

    def _bytes(self) -> bytes:
        try:
            return base64.b64decode(self.content.data or "", validate=True)
        except (binascii.Error, ValueError):
            raise RefusedError("The file was cut off on its way: choose it again") from None


@contractor.get("/worklist-answer")
@crews_only
def send_answer() -> ResponseReturnValue:
    return _page(AnswerForm())


@contractor.post("/worklist-answer")
@crews_only
@commits
def preview_answer() -> ResponseReturnValue:
    """What would go in, and what would not, and why."""
    form = AnswerForm()
    try:
        form.take()
        result = _preview(form)
    except GeodataError as error:
        form.file.errors = [str(error)]
        return _page(form), 400
    return _page(form, result)


@contractor.post("/worklist-answer/rejects.csv")
@crews_only
@commits
def answer_rejects() -> ResponseReturnValue:
    """The rows that would not go in, as they came, each with what is wrong."""
    form = AnswerForm()
    try:
        rejects = _preview(form).rejects
    except GeodataError as error:
        form.file.errors = [str(error)]
        return _page(form), 400
    answer = Response(rejects.to_csv(index=False), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=rejected.csv"
    return answer


@contractor.post("/worklist-answer/take-in")
@crews_only
@commits
def take_answer() -> ResponseReturnValue:
    form = AnswerForm()
    try:
        with form.as_file() as path:
            scope = own_scope(g.session)
            result = worklist_answers.take_in(g.session, path, scope=scope, by=actor())
    except GeodataError as error:
        form.file.errors = [str(error)]
        return _page(form), 400
    if result.batch is None:
        form.file.errors = ["Nothing new was in this file: no outcome was taken in"]
        return _page(form), 400
    return redirect(url_for(".answer", batch=result.batch))


@contractor.get("/worklist-answer/<int:batch>")
@crews_only
def answer(batch: int) -> ResponseReturnValue:
    """What was taken in, and the way back."""
    worklist_answers.refuse_others(read_session(), batch, actor().user_id)
    return render_template("contractor/answer_taken.html", batch=find(read_session(), batch))


@contractor.post("/worklist-answer/<int:batch>/take-back")
@crews_only
@commits
def take_answer_back(batch: int) -> ResponseReturnValue:
    try:
        rows = worklist_answers.take_back(g.session, batch, by=actor())
    except RefusedError as error:
        flash(str(error), "important")
        return redirect(url_for(".answer", batch=batch))
    flash(f"{rows} outcomes are taken back; their jobs are as they were before.", "success")
    return redirect(url_for(".board"))


def _preview(form: AnswerForm) -> ImportResult:
    with form.as_file() as path:
        scope = own_scope(g.session)
        return worklist_answers.preview(g.session, path, scope=scope, now=utc_now())


def _page(form: AnswerForm, result: ImportResult | None = None) -> str:
    return render_template("contractor/answer.html", form=form, result=result)
