"""The council's Word template: a manager sends it, it is checked, and the next files take it."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from geodata.core.errors import RefusedError
from geodata.people import audit
from geodata.store import word_templates
from web.auth import actor
from web.committee.blueprint import committee, managers_only
from web.database import commits, read_session
from web.filters import sentence
from web.services.committee.drawn.word_template import MOST_BYTES, STYLES, checked_template

LONGEST_NAME = 200


class TemplateForm(FlaskForm):  # type: ignore[misc]
    """A Word file."""

    file = FileField("Word file (DOCX) of up to 5 MB", widget=GovFileInput())

    def sent(self) -> tuple[str, bytes]:
        """Its name and content.

        Raises
        ------
        RefusedError
            None was sent, or no report can be made of it.
        """
        sent = self.file.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            raise RefusedError("choose the Word file of the template")
        name = secure_filename(sent.filename)[-LONGEST_NAME:]
        return name, checked_template(sent.read(MOST_BYTES + 1))


@committee.route("/template", methods=["GET", "POST"])
@managers_only
def template() -> ResponseReturnValue:
    form = TemplateForm()
    if form.validate_on_submit():
        try:
            name, content = form.sent()
        except RefusedError as error:
            form.file.errors = [sentence(error)]
        else:
            _save(name, content)
            flash("Word files take this template from now on.", "success")
            return redirect(url_for(".template"))
    return render_template(
        "committee/template.html",
        form=form,
        held=word_templates.current(read_session()),
        styles=STYLES,
    ), 400 if form.errors else 200


@committee.post("/template/remove")
@managers_only
def remove_template() -> ResponseReturnValue:
    _save("", b"")
    flash("Word files have the plain layout again.", "success")
    return redirect(url_for(".template"))


@commits
def _save(name: str, content: bytes) -> None:
    by = actor()
    word_templates.save(g.session, name, content, user_id=by.user_id, now=by.now)
    audit.write(g.session, by, "change", "word_template", after={"name": name})
