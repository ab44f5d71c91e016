"""Accounts of others: for managers and admins, each within the rights that they may give."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from geodata.accounts import invitations, sessions, users
from geodata.accounts.rights import Rights, may_manage
from geodata.core.vocabulary import Role
from web.admin.account_forms import AccountForm, InviteForm
from web.admin.account_words import ROLES, state_of
from web.admin.blueprint import admin, admins_only
from web.auth import actor, requires_role
from web.clock import utc_now
from web.database import commits, read_session
from web.forms.refusals import accepted
from web.server.senders import sender
from web.services.accounts import management
from web.services.accounts.management import Invited, Manager, NewAccount
from web.services.accounts.second_factor import is_required

managers_only = requires_role("manager")


@admin.get("/accounts")
@managers_only
def accounts() -> ResponseReturnValue:
    session, waiting = read_session(), invitations.waiting(read_session(), now=utc_now())
    return render_template(
        "admin/accounts.html",
        lines=[(each, *state_of(each, waiting.get(each.id))) for each in users.every(session)],
        roles=ROLES,
        is_required=is_required(session),
    )


@admin.route("/accounts/invite", methods=["GET", "POST"])
@managers_only
@commits
def invite() -> ResponseReturnValue:
    form = InviteForm().offering(current_user.account)
    invited: list[Invited] = []
    if form.validate_on_submit():
        new = NewAccount(form.name.data, form.rights(), form.email.data, form.employer.data)
        change = lambda: invited.append(management.invite(g.session, _me(), new, sender()))  # noqa: E731
        if accepted(form, "name", change):
            return _link_page(invited[0])
    return render_template("admin/invite.html", form=form), 400 if form.errors else 200


@admin.route("/accounts/<int:key>", methods=["GET", "POST"])
@managers_only
@commits
def account(key: int) -> ResponseReturnValue:
    shown = users.get(g.session, key)
    form = AccountForm(
        data={
            "role": shown.role,
            "is_enforcer": shown.may_read_enforcement,
            "email": shown.email,
            "employer": shown.employer,
        }
    ).offering(current_user.account)
    if form.validate_on_submit() and accepted(form, "role", lambda: _change(key, form)):
        flash("The account is changed.", "success")
        return redirect(url_for(".account", key=key))
    is_own = current_user.account.id == key
    page = render_template(
        "admin/account.html",
        account=shown,
        state=state_of(shown, invitations.waiting(g.session, now=utc_now()).get(key)),
        form=form,
        roles=ROLES,
        sessions=len(sessions.of_user(g.session, key)),
        is_own=is_own,
        may_manage=may_manage(current_user.account.rights, shown.rights) and not is_own,
        is_admin=current_user.role == Role.ADMIN,
    )
    return page, 400 if form.errors else 200


@admin.post("/accounts/<int:key>/link")
@managers_only
@commits
def send_link(key: int) -> ResponseReturnValue:
    return _link_page(management.send_link(g.session, _me(), key, sender()))


@admin.post("/accounts/<int:key>/disable")
@managers_only
@commits
def disable_account(key: int) -> ResponseReturnValue:
    management.switch(g.session, _me(), key, is_active=False)
    ended = "The account is disabled. Its sessions and calendar links have ended."
    flash(ended + management.keys_that_stay(g.session, key, now=utc_now()), "success")
    return redirect(url_for(".account", key=key))


@admin.post("/accounts/<int:key>/enable")
@managers_only
@commits
def enable_account(key: int) -> ResponseReturnValue:
    management.switch(g.session, _me(), key, is_active=True)
    flash("The account is enabled.", "success")
    return redirect(url_for(".account", key=key))


@admin.post("/accounts/<int:key>/end-sessions")
@managers_only
@commits
def end_account_sessions(key: int) -> ResponseReturnValue:
    management.end_sessions(g.session, _me(), key)
    flash("The account is signed out everywhere. Its calendar links have ended.", "success")
    return redirect(url_for(".account", key=key))


@admin.post("/accounts/<int:key>/reset-second-factor")
@admins_only
@commits
def reset_second_factor(key: int) -> ResponseReturnValue:
    management.reset_second_factor(g.session, _me(), key)
    flash("The second factor is removed, and the account signed out everywhere.", "success")
    return redirect(url_for(".account", key=key))


@admin.post("/accounts/<int:key>/unlink")
@admins_only
@commits
def unlink_account(key: int) -> ResponseReturnValue:
    management.unlink(g.session, _me(), key)
    flash("The account belongs to no council account any more.", "success")
    return redirect(url_for(".account", key=key))


@admin.post("/accounts/second-factor")
@admins_only
@commits
def require_second_factor() -> ResponseReturnValue:
    wanted = request.form.get("is_required") == "yes"
    ended = management.require_second_factor(g.session, _me(), is_required_now=wanted)
    words = f" {ended} sessions without one have ended." if ended else ""
    flash(f"The second factor is {'required' if wanted else 'optional'} now.{words}", "success")
    return redirect(url_for(".accounts"))


def _change(key: int, form: AccountForm) -> None:
    before = users.get(g.session, key)
    is_enforcer = form.is_enforcer.data if form.is_enforcer else before.may_read_enforcement
    management.set_rights(g.session, _me(), key, Rights(form.role.data, is_enforcer))
    management.set_details(
        g.session, _me(), key, email=form.email.data, employer=form.employer.data
    )


def _link_page(invited: Invited) -> str:
    """The answer itself and no page of its own: the link cannot be shown a second time."""
    address = url_for("accounts.welcome", token=invited.token)
    site = sender().base_url or request.url_root.rstrip("/")
    return render_template(
        "admin/invited.html",
        account=invited.account,
        address=site + address,
        days=invitations.LIFETIME.days,
        is_mailed=bool(invited.account.email and sender().base_url),
    )


def _me() -> Manager:
    return Manager(actor(), current_user.account)
