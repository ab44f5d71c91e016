"""What a campaign's posters say: its versions, their change, and who checked a translation."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import posters as store
from geodata.posters import campaign_wordings, poster_wording
from geodata.rules.council import rulebook
from web.auth import actor
from web.clock import today
from web.database import commits, commits_when_sent, read_session
from web.forms.refusals import refusal_at
from web.posters.blueprint import officers_only, posters
from web.posters.forms import WordingForm, WordingUndoForm
from web.services.posters import poster_versions


@posters.get("/<int:key>/wording")
@officers_only
def wording(key: int) -> ResponseReturnValue:
    session = read_session()
    campaign = store.find_campaign(session, key)
    lines = poster_versions.lines(session, campaign)
    spoken = {line.row.language for line in lines}
    rules = rulebook(session)
    names = poster_wording.languages(rules)
    offered = poster_wording.languages(rules, day=today())
    standing = {line.row.id for line in lines}
    history = campaign_wordings.versions(session, key)
    return render_template(
        "posters/wording.html",
        campaign=campaign,
        lines=lines,
        history=[entry for entry in history if entry[0].id not in standing],
        who={row.id: (made_by, checked_by) for row, made_by, checked_by in history},
        addable={code: name for code, name in offered.items() if code not in spoken},
        ready={row.language for row in poster_wording.every(rules)},
        names=names,
        reasons=campaign_wordings.reasons(session, key),
        can_undo=campaign_wordings.last_change(session, key) is not None,
    )


@posters.route("/wording/<int:version>", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def edit_wording(version: int) -> ResponseReturnValue:
    row = campaign_wordings.find(g.session, version)
    campaign = store.find_campaign(g.session, row.campaign_id)
    line = next((o for o in poster_versions.lines(g.session, campaign) if o.row is row), None)
    if line is None:
        abort(404)
    form, back = WordingForm(obj=row), url_for(".wording", key=campaign.id)

    remarks: list[str] = []
    if form.validate_on_submit():
        first = form.first_day.data
        with refusal_at(form.heading):
            if "preview" not in request.form:
                poster_versions.change(
                    g.session, actor(), version, form.texts(), first=first, reason=form.reason.data
                )
                flash("The wording is saved. What hung before is kept below.", "success")
                return redirect(back)
            remarks = poster_versions.preview(g.session, actor(), line, form.texts(), first)
    known = poster_wording.wordings_between(
        line.first, line.last, language=row.language, rules=rulebook(g.session)
    )
    page = render_template(
        "posters/wording_form.html",
        form=form,
        line=line,
        back=back,
        regime=known,
        remarks=remarks,
    )
    return page, 400 if form.errors else 200


@posters.route("/<int:key>/wording/undo", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def undo_wording(key: int) -> ResponseReturnValue:
    campaign, back = store.find_campaign(g.session, key), url_for(".wording", key=key)
    if campaign_wordings.last_change(g.session, key) is None:
        flash("There is no change of the wording to take back.")
        return redirect(back)
    form = WordingUndoForm()
    if form.validate_on_submit():
        with refusal_at(form.reason):
            poster_versions.undo(g.session, actor(), key, reason=form.reason.data)
            flash("The change is taken back; the history keeps both.", "success")
            return redirect(back)
    page = render_template("posters/wording_undo.html", form=form, campaign=campaign, back=back)
    return page, 400 if form.errors else 200


@posters.post("/wording/<int:version>/check")
@officers_only
@commits
def check_wording(version: int) -> ResponseReturnValue:
    key = campaign_wordings.find(g.session, version).campaign_id
    if request.form.get("checked") != "yes":
        flash(
            "Tick the box first: somebody has read the words who answers for them.",
            "important",
        )
    else:
        campaign_wordings.confirm(g.session, actor(), version)
        flash("It is noted who says so, and the wording may be printed.", "success")
    return redirect(url_for(".wording", key=key))


@posters.post("/<int:key>/languages")
@officers_only
@commits
def add_language(key: int) -> ResponseReturnValue:
    campaign = store.find_campaign(g.session, key)
    campaign_wordings.begin(g.session, actor(), campaign, [request.form.get("language", "")])
    flash("The language is added. It is printed once a speaker has checked it.", "success")
    return redirect(url_for(".wording", key=key))


@posters.post("/<int:key>/languages/<language>/drop")
@officers_only
@commits
def drop_language(key: int, language: str) -> ResponseReturnValue:
    campaign_wordings.drop(g.session, actor(), key, language)
    flash("The language is printed no more. Its wording stays in the history.", "success")
    return redirect(url_for(".wording", key=key))
