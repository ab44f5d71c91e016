"""The first page of a house: which councils are here, and whose a place is."""

from __future__ import annotations

from flask import (
    Flask,
    Request,
    Response,
    abort,
    current_app,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from web.application import prepare_templates, register_assets
from web.clock import utc_now
from web.documents.security_txt import security_txt
from web.house.dispatch import CLOSED_SITE
from web.house.finding import NOT_A_PLACE, Finder
from web.house.house_file import House, Site
from web.public.search import CLOSED
from web.server import logs, security
from web.server.mounts import ALONE
from web.server.proxies import TrustedProxies
from web.server.request_bounds import bound_requests
from web.services.settings.contacts import is_mail_or_page

LONGEST_WORDS = 120


def create_front(house: House, finder: Finder) -> Flask:
    """The application of the house itself. It has no store, no session and no forms that change."""
    app = Flask("web")
    logs.watch(app)
    bound_requests(app)
    app.config.update(HOTSPOTS=house.config, MOUNT=ALONE, HOUSE=house, FINDER=finder)
    app.wsgi_app = TrustedProxies(app.wsgi_app, house.config)  # type: ignore[method-assign]
    prepare_templates(app)
    app.context_processor(lambda: {"house": house, "address_of": address_of})
    app.before_request(_closed)
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/robots.txt", "robots", robots)
    app.add_url_rule("/.well-known/security.txt", "security_txt", weaknesses)
    app.add_url_rule("/health", "health.check", lambda: jsonify(status="ok"))
    app.add_url_rule("/health/live", "health.live", lambda: jsonify(status="ok"))
    app.register_error_handler(HTTPException, _refused)
    app.after_request(security.add_headers)
    register_assets(app)
    return app


def address_of(site: Site) -> str:
    """Where a site begins: on this host by its path, else on its own."""
    if not site.host:
        return f"{request.root_path}{site.prefix}/"
    port = request.host.partition(":")[2]
    return f"{request.scheme}://{site.host}{':' + port if port else ''}{site.prefix}/"


def home() -> ResponseReturnValue:
    """All councils by name, or whose the place is that was asked for."""
    house: House = current_app.config["HOUSE"]
    finder: Finder = current_app.config["FINDER"]
    words = _place_words(request)
    answer = finder.find(words) if words else NOT_A_PLACE
    return render_template("house/home.html", sites=house.councils, words=words, answer=answer)


def robots() -> Response:
    """For sites below a path: only here do search engines look for it."""
    house: House = current_app.config["HOUSE"]
    prefixes = [site.prefix for site in house.sites if not site.host]
    lines = [f"Disallow: {prefix}{path}" for prefix in prefixes for path in CLOSED]
    return Response("\n".join(["User-agent: *", *lines]) + "\n", mimetype="text/plain")


def weaknesses() -> Response:
    """Whom to tell of a weakness of this server: of the house, for programs look only here."""
    config = current_app.config["HOUSE"].config
    if not is_mail_or_page(config.security_contact):
        abort(404)
    canonical = f"{config.base_url.rstrip('/')}{url_for('security_txt')}"
    return security_txt(config.security_contact, {"Canonical": canonical}, utc_now())


def _place_words(sent: Request) -> str:
    return " ".join(sent.args.get("place", "")[:LONGEST_WORDS].split())


def _closed() -> ResponseReturnValue | None:
    """In the place of a site that cannot be opened just now; the others go on."""
    site: Site | None = request.environ.get(CLOSED_SITE)
    if site is None:
        return None
    page = render_template("house/closed.html", site=site)
    return page, 503, {"Retry-After": "60"}


def _refused(error: HTTPException) -> ResponseReturnValue:
    house: House = current_app.config["HOUSE"]
    if error.code == 404:
        return render_template("house/not_here.html", sites=house.councils), 404
    return render_template("house/refused.html", error=error), error.code or 500
