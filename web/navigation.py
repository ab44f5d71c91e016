"""What stands in the navigation bar, the section's own bar and the footer, for whom.

Officers have seven sections in the order of their work; the bar leads to a section's first page,
whose own bar leads to the others. So every page is two links away, on a telephone without script
too. Everybody else has so few pages that each stands in the bar itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

OFFICERS = frozenset({"officer", "manager", "admin"})
CLEARERS = OFFICERS | {"contractor"}
PARTNERS = frozenset({"partner"})
MEMBERS = frozenset({"member"})
MANAGERS = frozenset({"manager", "admin"})
ADMINS = frozenset({"admin"})


@dataclass(frozen=True)
class Entry:
    """A page; shown to these roles, to everybody where there are none.

    ``covers`` are beginnings of the endpoints that are under it. ``is_enforcement`` pages take the
    permission to read enforcement data besides, but of roles that are ``trusted``.
    """

    endpoint: str
    text: str
    roles: frozenset[str] = frozenset()
    covers: tuple[str, ...] = ()
    is_enforcement: bool = False
    trusted: frozenset[str] = frozenset()

    def is_for(self, role: str | None) -> bool:
        """Whether somebody of a role may open it."""
        return (not self.roles or role in self.roles) and (
            not self.is_enforcement
            or role in self.trusted
            or current_user.account.may_read_enforcement
        )

    def nearness(self, endpoint: str) -> int:
        """How closely it covers an endpoint; 0: not at all."""
        beginnings = (self.endpoint, *self.covers)
        return max((len(begins) for begins in beginnings if endpoint.startswith(begins)), default=0)


@dataclass(frozen=True)
class Section:
    """Pages that belong together; the bar leads to the first that one may open."""

    text: str
    pages: tuple[Entry, ...]


def _enforcement(name: str, text: str, *covers: str) -> Entry:
    under = tuple(f"enforcement.{each}" for each in covers)
    return Entry(f"enforcement.{name}", text, OFFICERS, under, is_enforcement=True)


OFFICERS_BAR = (
    Section(
        "Tonight",
        (
            Entry("patrols.board", "Patrols", OFFICERS, ("patrols.",)),
            Entry("patrols.new", "Plan a shift", OFFICERS, ("patrols.make",)),
            Entry("desk.briefing", "Daily briefing", OFFICERS),
        ),
    ),
    Section(
        "Hotspots",
        (
            Entry("desk.hotspots", "Hotspots", OFFICERS, ("desk.",)),
            Entry("desk.borough", "The borough", OFFICERS),
            Entry("desk.weeks", "Week by week", OFFICERS),
            Entry("desk.months", "Month by month", OFFICERS),
            Entry("desk.alerts", "Alerts", OFFICERS, ("desk.alert",)),
            Entry("desk.detection", "Detection", OFFICERS, ("desk.run", "desk.compare")),
            Entry(
                "desk.all_interventions",
                "Interventions",
                OFFICERS,
                (
                    "desk.intervention",
                    "desk.add_intervention",
                    "desk.edit_intervention",
                    "desk.end_intervention",
                    "desk.effect",
                ),
            ),
        ),
    ),
    Section(
        "Reports",
        (
            Entry("casework.incidents", "Incidents", OFFICERS, ("casework.incident",)),
            Entry("moderation.queue", "To look at", OFFICERS, ("moderation.",)),
            Entry("imports.board", "Imports", OFFICERS, ("imports.",)),
            Entry("telephone.call", "Telephone", OFFICERS, ("telephone.",)),
            Entry("contractor.board", "Worklist", CLEARERS, ("contractor.",)),
            Entry("contractor.drive", "Round", CLEARERS),
        ),
    ),
    Section(
        "Enforcement",
        (
            _enforcement("overview", "Overview", ""),
            _enforcement("record_form", "Record an action", "record_"),
            _enforcement("notice_list", "Notices", "notice"),
            _enforcement("deadline_board", "Deadlines"),
            _enforcement("footage_list", "Footage", "footage", "new_footage"),
            _enforcement("order_list", "Orders", "order", "new_", "undo_version"),
            _enforcement("in_force_here", "In force here"),
            _enforcement("issuer_list", "Issuers", "issuer", "end_authority", "undo_authority"),
        ),
    ),
    Section(
        "Campaigns",
        (
            Entry("posters.board", "Posters", OFFICERS, ("posters.",)),
            Entry("posters.new", "Plan a campaign", OFFICERS, ("posters.proposal",)),
            Entry("posters.candidates", "Possible sites", OFFICERS, ("posters.add_candidate",)),
        ),
    ),
    Section(
        "Results",
        (
            Entry(
                "casework.performance",
                "Performance",
                OFFICERS,
                ("casework.told_late", "casework.accept_times"),
            ),
            Entry("partnership.compare", "Partnership", OFFICERS, ("partnership.",)),
            Entry(
                "partnership.tables",
                "Add a table",
                OFFICERS,
                ("partnership.preview_table", "partnership.take_table"),
            ),
            Entry("committee.start", "Committee", OFFICERS, ("committee.",)),
            Entry(
                "committee.work",
                "Work programme",
                OFFICERS,
                ("committee.work", "committee.add_work", "committee.step"),
            ),
            Entry("press.board", "Good news", OFFICERS, ("press.",)),
            Entry("public.home", "What the public sees", covers=("you_said.",)),
        ),
    ),
    Section(
        "More",
        (
            Entry("more.index", "All pages", OFFICERS),
            Entry("report.start", "Report as the public does", covers=("report.", "track.")),
            Entry("admin.start", "First steps", MANAGERS, ("admin.area",)),
            Entry(
                "admin.settings",
                "Settings",
                MANAGERS,
                (
                    "admin.retention",
                    "admin.place_hold",
                    "admin.lift_hold",
                    "admin.person",
                    "admin.contact",
                ),
            ),
            Entry("languages.board", "Languages", MANAGERS, ("languages.",)),
            Entry("admin.accounts", "Accounts", MANAGERS, ("admin.account", "admin.invite")),
            Entry(
                "admin.rules", "Rules", MANAGERS, ("admin.rule", "admin.add_rule", "admin.contract")
            ),
            Entry(
                "admin.api_key_list",
                "Keys",
                MANAGERS,
                ("admin.new_api_key", "admin.revoke_api_key"),
            ),
            Entry(
                "admin.system_list",
                "Systems",
                MANAGERS,
                ("admin.new_system", "admin.system", "admin.switch_system", "admin.system_secret"),
            ),
            Entry("admin.background", "Background work", MANAGERS),
            Entry("admin.audit_log", "Audit", MANAGERS, is_enforcement=True, trusted=ADMINS),
        ),
    ),
)
OTHERS_BAR = tuple(
    Section(page.text, (page,))
    for page in (
        Entry("report.start", N_("Report"), covers=("report.",)),
        Entry("public.home", N_("Map")),
        Entry("contractor.board", N_("Worklist"), CLEARERS, ("contractor.",)),
        Entry("partner.board", N_("Quick report"), PARTNERS, ("partner.",)),
        Entry("committee.releases", N_("Committee reports"), MEMBERS, ("committee.",)),
    )
)
START = {  # where each role begins after signing in
    "partner": "partner.board",
    "member": "committee.releases",
    "officer": "desk.hotspots",
    "manager": "desk.hotspots",
    "admin": "desk.hotspots",
    "contractor": "contractor.board",
}
FOOTER: tuple[Entry, ...] = (
    Entry("track.find", N_("Follow a report")),
    Entry("open_data.page", N_("Open data")),
    Entry("follow.start", N_("Updates by email")),
    Entry("you_said.page", N_("You said, we did")),
    Entry("legal.privacy", N_("Privacy")),
    Entry("legal.cookies", N_("Cookies")),
    Entry("legal.accessibility", N_("Accessibility")),
)


@dataclass(frozen=True)
class Bars:
    """What a kind of site shows: its bars, its footer, and where each role begins."""

    officers: tuple[Section, ...]
    others: tuple[Section, ...]
    footer: tuple[Entry, ...]
    start: Mapping[str, str]


COUNCIL = Bars(OFFICERS_BAR, OTHERS_BAR, FOOTER, START)


def use_bars(app: Flask, bars: Bars) -> None:
    """Show these instead of a council's."""
    app.extensions["bars"] = bars


def _bars() -> Bars:
    bars: Bars = current_app.extensions.get("bars", COUNCIL)
    return bars


def sections() -> list[Section]:
    """The sections of whoever asks, each with the pages that they may open."""
    role = current_user.role if current_user.is_authenticated else None
    bar = _bars().officers if role in OFFICERS else _bars().others
    shown = (Section(s.text, tuple(page for page in s.pages if page.is_for(role))) for s in bar)
    return [section for section in shown if section.pages]


def navigation() -> list[dict[str, object]]:
    """The bar as GOV.UK's component takes it."""
    section, _page = _here()
    return [
        {
            "text": _(each.text),
            "href": url_for(each.pages[0].endpoint),
            "current": request.endpoint == each.pages[0].endpoint,
            "active": each == section,
        }
        for each in sections()
    ]


def section_bar() -> dict[str, object] | None:
    """The pages of the section that one is in; None where it has but one page."""
    section, here = _here()
    if section is None or len(section.pages) == 1:
        return None
    current = "page" if here and request.endpoint == here.endpoint else "true"
    pages = [
        {"text": p.text, "href": url_for(p.endpoint), "current": current if p == here else ""}
        for p in section.pages
    ]
    return {"text": section.text, "pages": pages}


def _here() -> tuple[Section | None, Entry | None]:
    """The section and the page that cover this request most closely."""
    endpoint = request.endpoint or ""
    covering = [
        (page.nearness(endpoint), section, page) for section in sections() for page in section.pages
    ]
    nothing: tuple[int, Section | None, Entry | None] = (0, None, None)
    nearness, section, page = max(covering, key=lambda covered: covered[0], default=nothing)
    return (section, page) if nearness else (None, None)


def start_page(role: str) -> str:
    """The address where a role begins."""
    return url_for(_bars().start.get(role, "public.home"))


def footer_links() -> list[dict[str, str]]:
    """The footer's links."""
    return [{"text": _(entry.text), "href": url_for(entry.endpoint)} for entry in _bars().footer]


def register(app: Flask) -> None:
    for shown in (navigation, section_bar, footer_links):
        app.add_template_global(shown)
