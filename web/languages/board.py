"""The managers' page: which languages are on, how far each is checked, and links for speakers."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSubmitInput, GovTextInput
from wtforms import SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from web.auth import actor, requires_role
from web.clock import utc_now
from web.database import commits_when_sent
from web.forms.impersonal import Impersonal
from web.forms.refusals import accepted
from web.forms.says_why import SaysWhy
from web.languages.blueprint import languages
from web.services.languages import checking, offered
from web.services.languages.offered import LANGUAGES

managers_only = requires_role("manager")


class SwitchForm(FlaskForm):  # type: ignore[misc]
    codes = SelectMultipleField(
        "Languages beside English",
        widget=GovCheckboxesInput(),
        choices=[
            SelectChoice(code, f"{each.name} ({each.own_name})") for code, each in LANGUAGES.items()
        ],
    )
    reason = StringField(
        "Reason for the change",
        widget=GovTextInput(),
        description="A decision, or a request. No names.",
        validators=[SaysWhy(), Length(max=200), Impersonal()],
    )
    submit = SubmitField("Save the languages", widget=GovSubmitInput())


@languages.route("", methods=["GET", "POST"], strict_slashes=False)
@managers_only
@commits_when_sent
def board() -> ResponseReturnValue:
    """Switch languages on and off, and see how far each is checked."""
    held = [language.code for language in offered.switched_on(g.session)]
    form = SwitchForm(data={"codes": held})

    def change() -> None:
        offered.switch(g.session, actor(), form.codes.data or [], reason=form.reason.data)

    if form.validate_on_submit() and accepted(form, "codes", change):
        flash("The languages are saved.", "success")
        return redirect(url_for(".board"))
    page = render_template(
        "languages/board.html",
        form=form,
        standing=[checking.standing(g.session, each) for each in LANGUAGES.values()],
    )
    return page, 400 if form.errors else 200


@languages.post("/<code>/link")
@managers_only
def make_link(code: str) -> ResponseReturnValue:
    """A link by which a speaker without an account may check one language for two weeks."""
    language = offered.find(code)
    key = checking.sign(str(current_app.config["SECRET_KEY"]), code, actor().user_id, now=utc_now())
    return render_template(
        "languages/link.html",
        language=language,
        days=checking.LINK_LASTS.days,
        address=url_for(".by_link", key=key, _external=True),
    )


def page_number() -> int:
    """Of a long list; 1 where the address names none."""
    return max(1, request.args.get("page", 1, type=int))
