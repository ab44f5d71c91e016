"""Following a report by its reference, and ending the mails about it."""

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import reports
from geodata.core.errors import NotFoundError
from geodata.media import photos
from geodata.people import contacts
from web.clock import utc_now
from web.database import commits, read_session
from web.extensions import csrf, limiter
from web.responses import jpeg
from web.services.common.speaking import gettext as _
from web.services.reporting import receipts

tracking = Blueprint("track", __name__, url_prefix="/track")
limit_guessing = limiter.shared_limit("600 per minute; 6000 per hour", scope="track")
"""A reference has 48 bits: at this rate, guessing one of a thousand takes some 5,000 years."""


@tracking.get("", strict_slashes=False)
@limit_guessing
def find() -> ResponseReturnValue:
    """Where a reference is typed in."""
    reference = request.args.get("reference", "")
    if not reference:
        return render_template("public/track/find.html", reference="", error="")
    if reports.by_reference(read_session(), reference) is None:
        error = _("We know no report with this reference. Check it against your receipt or email.")
        return render_template("public/track/find.html", reference=reference, error=error), 404
    return redirect(url_for("track.report", reference=reports.as_reference(reference)))


@tracking.get("/<reference>")
@limit_guessing
def report(reference: str) -> ResponseReturnValue:
    """What became of a report."""
    tracked = receipts.track(read_session(), reference, now=utc_now())
    return render_template("public/track/report.html", tracked=tracked)


@tracking.get("/<reference>/receipt")
@limit_guessing
def receipt(reference: str) -> ResponseReturnValue:
    """Shown once a report is stored, and never before."""
    tracked = receipts.track(read_session(), reference, now=utc_now())
    return render_template("public/track/receipt.html", tracked=tracked)


@tracking.get("/<reference>/photos/<int:photo_id>.jpg")
@limit_guessing
def photo(reference: str, photo_id: int) -> Response:
    """An approved photo of this report."""
    session = read_session()
    if not receipts.may_see_photo(session, reference, photo_id, now=utc_now()):
        abort(404)
    return jpeg(photos.content(session, photo_id))


@tracking.post("/<reference>/still-there")
@limit_guessing
@commits
def still_there(reference: str) -> ResponseReturnValue:
    """It was not cleared after all."""
    receipts.still_there(g.session, reference, now=utc_now())
    flash(_("Thank you. We have opened it again and will go back."), "success")
    return redirect(url_for("track.report", reference=reference))


@tracking.route("/<reference>/remove-details", methods=["GET", "POST"])
@limit_guessing
def remove_details(reference: str) -> ResponseReturnValue:
    """Delete the reporter's address, at once."""
    if request.method == "POST":
        return _remove(reference)
    tracked = receipts.track(read_session(), reference, now=utc_now())
    return render_template("public/track/remove_details.html", tracked=tracked)


@commits
def _remove(reference: str) -> ResponseReturnValue:
    if receipts.remove_details(g.session, reference, now=utc_now()):
        flash(_("Your details are deleted. The report itself stays, without them."), "success")
    else:
        flash(
            _(
                "We must keep your details for now, because a legal case needs them. No more "
                "messages will come about this report. Ask us about it: the privacy notice says "
                "how."
            ),
            "success",
        )
    return redirect(url_for("track.report", reference=reference))


@tracking.route("/stop/<token>", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the token is all that it takes: a mail program posts it without a cookie
@limit_guessing
def stop(token: str) -> ResponseReturnValue:
    """End the mails about a report; a mail program that opens links changes nothing.

    The one that its reader told to unsubscribe posts here (RFC 8058), and is not led elsewhere.
    """
    if "List-Unsubscribe" in request.form:
        _stop(token)
        return Response("No more mails will come about this report.\n", mimetype="text/plain")
    contact = contacts.by_token(read_session(), token)
    if contact is None:
        raise NotFoundError(_("We keep nothing under this link: no more messages will come"))
    if request.method == "POST":
        _stop(token)
        flash(_("No more messages will come about this report."), "success")
        return redirect(url_for("track.report", reference=contact.reference))
    return render_template("public/track/stop.html", contact=contact)


@commits
def _stop(token: str) -> None:
    receipts.stop_updates(g.session, token, now=utc_now())
