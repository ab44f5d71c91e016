"""The bars lead everywhere in two links, and say where one is."""

import pytest
from flask.testing import FlaskClient

from tests.web.browsing import NewPage, sign_in
from tests.web.conftest import SignIn
from tests.web.page import Page

OFFICERS_PAGES = {
    "/patrols",
    "/patrols/new",
    "/officer/hotspots",
    "/officer/hotspots/detection",
    "/officer/interventions",
    "/officer/incidents",
    "/officer/imports",
    "/officer/moderation",
    "/officer/telephone",
    "/contractor/",
    "/contractor/round",
    "/posters",
    "/posters/new",
    "/posters/candidates",
    "/officer/performance",
    "/officer/partnership",
    "/officer/partnership/tables",
    "/officer/committee",
    "/officer/committee/work",
    "/officer/borough",
    "/officer/briefing",
    "/officer/good-news",
    "/officer/weeks",
    "/officer/months",
    "/officer/alerts",
    "/",
    "/officer/more",
    "/report",
}
ENFORCERS_PAGES = {
    f"/enforcement/{page}"
    for page in ("", "record", "notices", "deadlines", "footage", "orders", "in-force", "issuers")
}
MANAGERS_PAGES = {
    "/admin/start",
    "/admin/settings",
    "/admin/accounts",
    "/admin/api-keys",
    "/languages",
    "/admin/systems",
    "/admin/rules",
    "/admin/audit",
    "/admin/background",
}
SERVICE_BAR, SECTION_BAR = "govuk-service-navigation", "section-nav"


def bars(client: FlaskClient, address: str) -> tuple[list[str], list[str]]:
    """The addresses in the bar without the service's name, and in the section's own bar."""
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    page = Page.of(answer)
    bar, section = page.links_in(SERVICE_BAR), page.links_in(SECTION_BAR)
    return [link.href for link in bar[1:]], [link.href for link in section]


def within_two_links(client: FlaskClient, start: str) -> set[str]:
    first, beside = bars(client, start)
    return {*first, *beside, *(each for address in first for each in bars(client, address)[1])}


@pytest.mark.parametrize(
    ("role", "may_read", "wanted", "sections"),
    [
        ("officer", False, OFFICERS_PAGES, 6),
        ("officer", True, OFFICERS_PAGES | ENFORCERS_PAGES, 7),
        ("manager", True, OFFICERS_PAGES | ENFORCERS_PAGES | MANAGERS_PAGES, 7),
        ("admin", True, OFFICERS_PAGES | ENFORCERS_PAGES | MANAGERS_PAGES, 7),
    ],
)
def test_an_officer_is_two_links_from_every_page(
    signed_in: SignIn, role: str, may_read: bool, wanted: set[str], sections: int
) -> None:
    client = signed_in(role, may_read_enforcement=may_read)
    assert within_two_links(client, "/officer/hotspots") == wanted
    assert len(bars(client, "/officer/hotspots")[0]) == sections
    assert wanted <= {link.href for link in Page.of(client.get("/officer/more")).all_links}


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        (None, ["/report", "/"]),
        ("contractor", ["/report", "/", "/contractor/"]),
        ("partner", ["/report", "/", "/partner"]),
        ("member", ["/report", "/", "/officer/committee/releases"]),
    ],
)
def test_others_see_their_few_pages_at_once(
    signed_in: SignIn, client: FlaskClient, role: str | None, wanted: list[str]
) -> None:
    visitor = signed_in(role) if role else client
    assert bars(visitor, "/") == (wanted, [])


@pytest.mark.parametrize(
    ("address", "section", "page"),
    [
        ("/officer/hotspots", "Hotspots", "Hotspots"),
        ("/officer/hotspots/detection", "Hotspots", "Detection"),
        ("/officer/hotspots/detection/parameters", "Hotspots", "Detection"),
        ("/officer/interventions/new", "Hotspots", "Interventions"),
        ("/officer/moderation/history", "Reports", "To look at"),
        ("/officer/moderation/marked", "Reports", "To look at"),
        ("/contractor/", "Reports", "Worklist"),
        ("/posters/candidates/new", "Campaigns", "Possible sites"),
        ("/enforcement/orders/new", "Enforcement", "Orders"),
        ("/officer/performance", "Results", "Performance"),
        ("/officer/partnership", "Results", "Partnership"),
        ("/officer/committee", "Results", "Committee"),
        ("/report", "More", "Report as the public does"),
        ("/admin/settings", "More", "Settings"),
    ],
)
def test_the_section_and_the_page_that_one_is_in_are_marked(
    signed_in: SignIn, address: str, section: str, page: str
) -> None:
    manager = signed_in("manager", may_read_enforcement=True)
    shown = Page.of(manager.get(address, follow_redirects=True))
    marked = [
        [link.text for link in shown.links_in(bar) if link.is_current]
        for bar in (SERVICE_BAR, SECTION_BAR)
    ]
    assert marked == [[section], [page]]


def test_only_officers_see_the_list_of_all_pages(signed_in: SignIn, client: FlaskClient) -> None:
    assert client.get("/officer/more").status_code == 302
    assert signed_in("contractor").get("/officer/more").status_code == 403


@pytest.mark.browser
def test_the_sections_stand_in_one_line_on_a_desk(site: str, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, site)
    links = page.locator(".govuk-service-navigation__link")
    tops = {round(links.nth(n).bounding_box()["y"]) for n in range(1, links.count())}
    assert (len(tops), links.count()) == (1, 8)  # the name of the service and seven sections
