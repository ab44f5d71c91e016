"""Every page of every role is sound HTML, by the Nu checker that validator.w3.org runs."""

import json
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from geodata.store.engine import Store
from tests.web.every_page import NOW, STARTS, EveryPage
from tests.web.page import Page
from web.application import create_app
from web.config import Config

pytestmark = pytest.mark.html_checker
NO_PAGES = {
    "admin.lift_hold",
    "contractor.sent_entry",
    "contractor.token",
    "contractor.photo",
    "health.check",
    "health.live",
    "health.ready",
    "metrics.scrape",
}
"""They answer with JSON or a picture, though their addresses end like those of pages."""
MACHINES = ("api.", "open311.")


@pytest.fixture(scope="module")
def every_page(demo_store: Store) -> EveryPage:
    """The demo, lived in and walked through by each role."""
    with time_machine.travel(NOW, tick=True):
        app = create_app(Config(insecure_cookies=True), store=demo_store)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        walk = EveryPage(app, demo_store)
        walk.collect()
    return walk


def page_endpoints(app: Flask) -> set[str]:
    """Endpoints that answer with a page: their addresses have no ending such as .js or .pdf."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "." not in rule.rule.rsplit("/", 1)[-1]
        if not rule.endpoint.endswith("static") and not rule.endpoint.startswith(MACHINES)
    }


def test_no_page_is_left_out(every_page: EveryPage) -> None:
    assert page_endpoints(every_page.app) - every_page.endpoints == NO_PAGES
    assert {name.split(" ")[0] for name in every_page.pages} == set(STARTS)
    assert {name.rsplit(" ", 1)[-1] for name in every_page.pages} >= {"200", "400", "403", "404"}


def test_no_page_shows_a_missing_value_as_a_program_writes_it(every_page: EveryPage) -> None:
    shown = re.compile(r">\s*(nan|NaT|None to|Undefined)\b")
    assert [name for name, html in every_page.pages.items() if shown.search(html)] == []


def test_a_pages_title_begins_with_its_heading(every_page: EveryPage) -> None:
    """The tab says what the page is; more may follow, such as a reference."""
    pages = ((name, Page(html)) for name, html in every_page.pages.items())
    assert [
        (name, page.title, page.heading)
        for name, page in pages
        if not page.title.removeprefix("Error: ").startswith(page.heading)
    ] == []


def test_every_page_passes_the_nu_html_checker(
    every_page: EveryPage, vnu_jar: Path, tmp_path: Path
) -> None:
    names = {}
    for number, (name, html) in enumerate(every_page.pages.items()):
        file = tmp_path / f"{number:04}.html"
        file.write_text(html, encoding="utf-8")
        names[file.name] = name
    command = ["java", "-jar", str(vnu_jar), "--format", "json", "--errors-only"]
    done = subprocess.run(
        [*command, "--exit-zero-always", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=True,
    )
    faults: dict[str, list[str]] = defaultdict(list)
    for message in json.loads(done.stderr)["messages"]:
        page = names[message["url"].rsplit("/", 1)[-1]]
        faults[message["message"]].append(f"{page}: {message.get('extract', '').strip()}")
    listed = [
        f"{len(where)} times: {what}\n    " + "\n    ".join(where[:3])
        for what, where in faults.items()
    ]
    assert not faults, "\n".join(listed)
