"""What makes the pages an app that works without signal: a manifest and a service worker."""

from flask import Response, jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from web.contractor.blueprint import contractor


@contractor.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    answer = jsonify(
        name="Canister clearance",
        short_name="Canisters",
        start_url=url_for(".board"),
        scope=url_for(".board"),
        display="standalone",
        background_color="#ffffff",
        theme_color="#0b3d4c",
        icons=[
            {"src": url_for("static", filename="icon.svg"), "sizes": "any", "type": "image/svg+xml"}
        ],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@contractor.get("/sw.js")
def service_worker() -> ResponseReturnValue:
    """The worker, from under the address that it may control."""
    answer: Response = make_response(render_template("contractor/sw.js"))
    answer.mimetype = "text/javascript"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@contractor.get("/offline")
def offline() -> ResponseReturnValue:
    """What the worker shows for a page that was never opened with signal."""
    return render_template("contractor/offline.html")
