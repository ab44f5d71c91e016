"""The filled-in worklist comes back: a look at what would go in, then in, then back again."""

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput

from geodata.core.errors import GeodataError, RefusedError
from geodata.exporters import harmless_table
from geodata.importers.batches import find
from geodata.importers.reading import ImportResult, ReadFile
from web.auth import actor
from web.clock import utc_now
from web.contractor.blueprint import contractor, crews_only, own_scope
from web.database import commits, read_session
from web.filters import sentence
from web.forms.held_file import HeldFileForm
from web.services.common.speaking import N_, ngettext
from web.services.common.speaking import gettext as _
from web.services.imports import worklist_answers


class AnswerForm(HeldFileForm):
    """The filled-in worklist."""

    file = FileField(
        N_("The worklist with your outcomes"),
        widget=GovFileInput(),
        description=N_("The CSV that you downloaded here, or the same as XLSX, of up to 256 kB."),
    )
    nothing_sent = N_("Choose the file with your outcomes")


@contractor.get("/worklist-answer")
@crews_only
def send_answer() -> ResponseReturnValue:
    return _page(AnswerForm())


@contractor.post("/worklist-answer")
@crews_only
def preview_answer() -> ResponseReturnValue:
    """What would go in, and what would not, and why."""
    form = AnswerForm()
    try:
        form.take()
        result = _read(form).result
    except GeodataError as error:
        form.file.errors = [sentence(error)]
        return _page(form), 400
    return _page(form, result)


@contractor.post("/worklist-answer/rejects.csv")
@crews_only
def answer_rejects() -> ResponseReturnValue:
    """The rows that would not go in, as they came, each with what is wrong."""
    form = AnswerForm()
    try:
        rejects = _read(form).result.rejects
    except GeodataError as error:
        form.file.errors = [sentence(error)]
        return _page(form), 400
    answer = Response(harmless_table(rejects).to_csv(index=False), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=rejected.csv"
    return answer


@contractor.post("/worklist-answer/take-in")
@crews_only
def take_answer() -> ResponseReturnValue:
    form = AnswerForm()
    try:
        result = _take_in(_read(form))
    except GeodataError as error:
        form.file.errors = [sentence(error)]
        return _page(form), 400
    if result.batch is None:
        form.file.errors = [_("Nothing new was in this file: no outcome was taken in")]
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
    flash(
        ngettext(
            "%(num)s outcome is taken back; its job is as it was before.",
            "%(num)s outcomes are taken back; their jobs are as they were before.",
            rows,
        ),
        "success",
    )
    return redirect(url_for(".board"))


def _read(form: AnswerForm) -> ReadFile:
    with form.as_file() as path:
        scope = own_scope(read_session())
        return worklist_answers.look(read_session(), path, scope=scope, now=utc_now())


@commits
def _take_in(read: ReadFile) -> ImportResult:
    return worklist_answers.take_in(g.session, read, scope=own_scope(g.session), by=actor())


def _page(form: AnswerForm, result: ImportResult | None = None) -> str:
    return render_template("contractor/answer.html", form=form, result=result)
