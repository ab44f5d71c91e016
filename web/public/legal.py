"""Privacy notice, cookies, accessibility, and whom to tell of weaknesses: from the settings."""

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from geodata.media.photos import REJECTED_KEPT
from web.clock import utc_now
from web.council import settings_in_force
from web.database import read_session
from web.services.admin.retention_schedule import COPIES_KEPT, DRAFT_KEPT, MAIL_KEPT, MARKED_KEPT
from web.services.clearing import REOPEN_WITHIN
from web.services.languages.offered import switched_on
from web.services.publishing.disclosure import SMALLEST_SHOWN
from web.services.settings.contacts import is_mail_or_page

legal = Blueprint("legal", __name__)
CHECKED_ON = "24 November 2026"
"""When the pages were last tested against WCAG 2.2; a statement has to say so."""
SECURITY_HOLDS = timedelta(days=180)
"""For how long who fetched ``security.txt`` may rely on it; RFC 9116 advises less than a year."""


@legal.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept of whom, why, and for how long."""
    return render_template(
        "public/legal/privacy.html",
        config=settings_in_force(),
        draft_hours=DRAFT_KEPT.total_seconds() / 3600,
        mail_days=MAIL_KEPT.days,
        marked_days=MARKED_KEPT.days,
        copies_days=COPIES_KEPT.days,
        rejected_days=REJECTED_KEPT.days,
        smallest_shown=SMALLEST_SHOWN,
        reopen_days=REOPEN_WITHIN.days,
    )


@legal.get("/cookies")
def cookies() -> ResponseReturnValue:
    """The one cookie, and that no other is set."""
    return render_template(
        "public/legal/cookies.html",
        cookie=current_app.config["SESSION_COOKIE_NAME"],
        has_languages=bool(switched_on(read_session())),
        config=settings_in_force(),
    )


@legal.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """The statement that the 2018 regulations ask for."""
    return render_template(
        "public/legal/accessibility.html",
        config=settings_in_force(),
        checked_on=CHECKED_ON,
    )


@legal.get("/security")
def security() -> ResponseReturnValue:
    """Whom to tell of a weakness of the site, and what we promise."""
    return render_template("public/legal/security.html", config=settings_in_force())


@legal.get("/.well-known/security.txt")
def security_txt() -> ResponseReturnValue:
    """The same for programs, as RFC 9116 writes it; none where no contact is set."""
    config = settings_in_force()
    contact = config.security_contact
    if not is_mail_or_page(contact):
        abort(404)
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {utc_now() + SECURITY_HOLDS:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        *_own_addresses(config.base_url.rstrip("/")),
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _own_addresses(base: str) -> list[str]:
    """Only from the address that is set: a host that a caller names would be no proof."""
    if not base.startswith("https://"):
        return []
    return [
        f"Canonical: {base}{url_for('legal.security_txt')}",
        f"Policy: {base}{url_for('legal.security')}",
    ]
