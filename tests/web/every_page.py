"""Every page that each role can reach: links followed, forms sent empty, errors asked for."""

import io
import re
from base64 import b64encode
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from geodata.clearances.contracts import firms_of
from geodata.demo import PASSWORD
from geodata.models import Follower, ReporterContact
from geodata.rules.days import local_day
from geodata.store import committee_papers, settings
from geodata.store.engine import Store
from tests.pictures import encoded, exif_at, picture
from tests.web import reporting
from tests.web.browsing import DEMO_NOW
from tests.web.patrol_shift import FORM
from web.clock import utc_now
from web.extensions import limiter
from web.services.accounts.second_factor import REQUIRED
from web.services.committee import checking, freezing, making
from web.services.imports import import_work
from web.services.patrols import plan_requests

NOW = DEMO_NOW
PAGES_AN_ENDPOINT = 2
"""For the first role that reaches it; later ones see the same page once, with what is theirs."""
STARTS = {
    "public": ("/", "/report", "/track"),
    "partner": ("/partner",),
    "member": ("/officer/committee/releases",),
    "contractor": ("/contractor/", "/contractor/offline"),
    "officer": ("/officer/hotspots", "/officer/more", "/partner"),
    "manager": ("/officer/hotspots", "/officer/more"),
    "admin": ("/officer/more", "/admin/audit"),
}
LONG_WORK = {
    "/officer/hotspots/detection/run",
    "/officer/good-news/look",
    "/patrols/new",
    "/patrols/tonight",
}
"""Forms that need no answer and then reckon for seconds: sent in ``live_in`` or not at all."""
ENDS_SESSIONS = {
    "accounts.sign_out",
    "accounts.end_session",
    "accounts.end_other_sessions",
    "admin.disable_account",
    "admin.end_account_sessions",
    "admin.require_second_factor",
}
"""Forms that need no answer and sign out whoever walks here."""
INSIDE = "TQ 5500 7400"
SITE = "https://canisters.example"


# A page's other tags, ten times as many, would be read to be left out.
LINKS_AND_FORMS = re.compile(r"</?(?:a|form|input)\b[^>]*>")


class _Page(HTMLParser):
    """The links of a page, and its forms with their hidden fields."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self.feed("".join(LINKS_AND_FORMS.findall(text)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in got:
            self.links.append(got["href"])
        elif tag == "form":
            self._fields = {}
            if got.get("method") == "post":
                self.forms.append((got.get("action", ""), self._fields))
        elif tag == "input" and got.get("type") == "hidden" and self._fields is not None:
            self._fields[got.get("name", "")] = got.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None


@dataclass
class EveryPage:
    """Pages by who saw them and where, and the endpoints that answered with one."""

    app: Flask
    store: Store
    pages: dict[str, str] = field(default_factory=dict)
    endpoints: set[str] = field(default_factory=set)
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    _sent: set[str] = field(default_factory=set)
    _walked: set[str] = field(default_factory=set)

    def collect(self) -> dict[str, str]:
        """HTML by name; the name says role, method and address."""
        limiter.reset()
        self.clients = {role: self._signed_in(role) for role in STARTS}
        self._live_in()
        for role, starts in STARTS.items():
            self._walk(role, starts)
        for role in STARTS:
            self._send_forms_empty(role)
        self._ask_for_errors()
        return self.pages

    def _signed_in(self, role: str) -> FlaskClient:
        client = self.app.test_client()
        if role != "public":
            self.see("public", client.get("/sign-in"))
            answer = client.post("/sign-in", data={"name": role, "password": PASSWORD})
            assert answer.status_code == 302
        return client

    def see(self, role: str, answer: TestResponse) -> TestResponse:
        """Keep an answer where it is a page."""
        request = answer.request
        if answer.mimetype == "text/html" and answer.status_code not in {302, 303}:
            assert answer.status_code < 500, request.url
            query = request.query_string.decode()
            where = f"{request.path}?{query}" if query else request.path
            self.pages[f"{role} {request.method} {where} {answer.status_code}"] = answer.text
            self.endpoints.add(self._endpoint(request.path, request.method) or "error")
        answer.close()
        return answer

    def get(self, role: str, address: str) -> TestResponse:
        return self.see(role, self.clients[role].get(address))

    def post(self, role: str, address: str, /, **data: object) -> TestResponse:
        """Send a form, see what comes of it, and where it leads."""
        answer = self.see(role, self.clients[role].post(address, data=data))
        if answer.status_code in {302, 303}:
            self.get(role, answer.location)
        return answer

    def _endpoint(self, path: str, method: str = "GET") -> str | None:
        try:
            return str(self.app.url_map.bind("localhost").match(path, method)[0])
        except HTTPException:
            return None

    def _walk(self, role: str, starts: tuple[str, ...]) -> None:
        seen, count, known = set(starts), Counter[str](), set(self._walked)
        waiting = deque(starts)
        while waiting:
            address = waiting.popleft()
            endpoint = self._endpoint(urlsplit(address).path)
            if endpoint is None:
                continue
            if count[endpoint] == (1 if endpoint in known else PAGES_AN_ENDPOINT):
                continue
            count[endpoint] += 1
            self._walked.add(endpoint)
            answer = self.get(role, address)
            if answer.location:
                waiting.append(answer.location)
            if answer.mimetype != "text/html":
                continue
            for link in _Page(answer.text).links:
                target = urldefrag(urljoin(address, link)).url
                is_ours = not urlsplit(target).scheme and "." not in target.rsplit("/", 1)[-1]
                if is_ours and target not in seen:
                    seen.add(target)
                    waiting.append(target)

    def _send_forms_empty(self, role: str) -> None:
        """Every form once: most come back with their errors."""
        pages = [(k, v) for k, v in self.pages.items() if k.startswith(f"{role} GET ")]
        for name, text in pages:
            address = name.split(" ")[2]
            for action, hidden in _Page(text).forms:
                target = urljoin(address, action)
                endpoint = self._endpoint(urlsplit(target).path, "POST") or target
                if endpoint in self._sent | ENDS_SESSIONS or target in LONG_WORK:
                    continue
                self._sent.add(endpoint)
                self.post(role, target, **hidden)

    def _ask_for_errors(self) -> None:
        self.get("public", "/no-such-page")
        self.get("public", "/sign-out")  # 405
        self.get("contractor", "/officer/hotspots")  # 403
        self.get("officer", "/officer/hotspots/H-9999")
        self.get("public", "/report/nothing/place")
        self.get("public", "/track/stop/nonsense")
        self.get("officer", "/officer/effects/intervention/5?months=12&ring=9999")

    def _live_in(self) -> None:
        """What leaves traces: reports, an outcome, a patrol, notices, photos to look at."""
        for role in STARTS:
            self.get(role, STARTS[role][0])
        self._report()
        self._work()
        self._patrol()
        self._enforce()
        self._add_tables()
        self._import_files()
        self._report_to_committee()
        self._manage_accounts()
        self._change_rules()
        self._exchange()
        self._translate()
        self._decide()

    def _translate(self) -> None:
        """A speaker without an account checks texts by a link."""
        page = self.post("manager", "/languages/pl/link").text
        [address] = re.findall(r"/languages/link/[\w.-]+", page)
        self.get("public", address)
        self.post("public", address)

    def _decide(self) -> None:
        """What could be taken back: an authority, a version of an order, a poster's language."""
        given = {"power": "epa1990_s88", "instrument": "Letter 9", "valid_from": "2026-11-02"}
        self.post("officer", "/enforcement/issuers/1", **given, preview="yes")
        self.post("officer", "/enforcement/issuers/1", **given)
        version = {
            "change": "varied",
            "made_on": "2026-11-02",
            "valid_from": "2026-12-01",
            "valid_to": "2027-01-31",
            "penalty": "75",
            "prohibitions": "No inhaling",
            "source": "Cabinet, 2 November 2026",
        }
        self.post("officer", "/enforcement/orders/3/version", **version, preview="yes")
        self.post("officer", "/enforcement/orders/3/version", **version)
        page = self.get("officer", "/posters/1/wording").text
        drop = re.findall(r'action="(/posters/1/languages/\w+/drop)"', page)[0]
        self.post("officer", drop)

    def _change_rules(self) -> None:
        """A row that is entered, withdrawn, and could be put back."""
        where = "/admin/rules/series_breaks"
        row = {"value_kind": "other", "value_what": "A new counter", "source": "Minutes"}
        self.post("manager", f"{where}/add", valid_from="2026-01-05", **row)
        page = self.get("manager", where).text
        withdraw = re.findall(rf'href="({where}/\d+/withdraw)"', page)[-1]
        self.get("manager", withdraw)
        self.post("manager", withdraw, reason="")
        self.post("manager", withdraw, reason="It was entered twice")
        self.get("manager", withdraw.replace("withdraw", "put-back"))

    def _exchange(self) -> None:
        """Systems that are called, an officer's alert, and somebody who follows a ward."""
        new = "/admin/systems/new"
        with self.store.reading() as session:
            firm = min(firms_of(session, NOW.date()), default="")
        jobs = {"name": "Whitespace", "url": "https://jobs.example.com/hooks", "contractor": firm}
        self.post("manager", f"{new}/jobs", **jobs)
        self.post("manager", f"{new}/jobs", **jobs | {"url": "https://10.0.0.7/"})
        fms = {"name": "FixMyStreet", "url": "https://fms.example.com/", "services": "canisters"}
        self.post("manager", f"{new}/open311", **fms, format="json")
        self.post("manager", f"{new}/slack", name="Street scene", url="https://slack.example.com/")
        self.post("manager", "/admin/systems/1/test")
        self.post("manager", "/admin/systems/1/secret", secret="", overlap="7")
        self.post("manager", "/admin/systems/2/secret", secret="")
        self.post("officer", "/officer/alerts", what="overdue", ward="0", system="3")
        self.app.config["HOTSPOTS"] = replace(self.app.config["HOTSPOTS"], base_url=SITE)
        page = self.get("public", "/follow").text
        ward = re.findall(r'<option value="(\d+)"', page)[1]
        self.post("public", "/follow", ward=ward, email="follower@example.org")
        self.post("public", "/follow", ward="0", spot="nowhere at all", email="x@example.org")
        with self.store.reading() as session:
            token = session.scalars(select(Follower.token)).one()
        for step in ("confirm", "stop"):
            self.get("public", f"/follow/{step}/{token}")
            self.post("public", f"/follow/{step}/{token}")
        self.app.config["HOTSPOTS"] = replace(self.app.config["HOTSPOTS"], base_url="")

    def _add_tables(self) -> None:
        """A partner's table with something wrong in it, and both versions of the comparison."""
        where = "/officer/partnership/tables"
        table = b"Indicator,Area,Unit,Class,2024/25\nFly-tips,Kent,count,public,9\nX,Y,,,?\n"
        self.post("officer", where, kind="indicators", file=(io.BytesIO(table), "tips.csv"))
        self.post("officer", where, kind="indicators")
        self.get("officer", "/officer/partnership?version=exempt&to=2026-03")
        self.get("officer", "/officer/partnership?to=2999-01")

    def _import_files(self) -> None:
        """A file with a bad row and one of tyres too, looked at; one taken in; one that waits."""
        where, head = "/officer/imports", b"ref,Category,Date,Easting,Northing\n"
        row = b"im-1,%s,2026-05-01,%s,174000\n"
        good, bad = row % (b"Canisters", b"555000"), row % (b"Canisters", b"nowhere")

        def send(content: bytes) -> str:
            file = (io.BytesIO(head + content), "crm.csv")
            return str(self.post("officer", where, kind="reports", file=file).location)

        self.post("officer", where, kind="reports")
        self.post("officer", send(good + row % (b"Tyres", b"555000")), crs="EPSG:1")
        taken = send(good + bad)
        feed = {"is_feed": "1", "feed": "crm", "value-1": "0", "field-0": "external_ref"}
        self.post("officer", taken, **feed)
        self.post("officer", taken, **feed | {"feed": "not a name"})
        self.post("officer", f"{taken}/take-in")
        self.get("officer", where)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(import_work, "SMALL_BYTES", 0)
            self.get("officer", send(good))  # it waits

    def _draft(self, where: str, **choices: str) -> str:
        """The address of a new draft, made while one waits."""
        made = self.post("officer", where, **choices).location
        making.make_waiting(self.app.extensions["store"], "Testford", None, clock=utc_now)
        return self.get("officer", made).location

    def _report_to_committee(self) -> None:
        """Both versions frozen with their words, a draft that stays, and work for a meeting."""
        where, days = "/officer/committee", {"first": "2026-04-01", "last": "2026-09-30"}
        words = {
            "summary": "Fewer than a year ago.\n\nThe order helps.",
            "strengths": "Clearing is fast.",
            "plan": "Visit the car parks.",
            "recommendations-0-text": "Extend the order",
            "recommendations-0-owner": "Community safety manager",
        }
        for audience in ("public", "exempt"):
            draft = self._draft(where, **days, audience=audience)
            self.post("officer", f"{draft}/words", **words)
            self.post("officer", f"{draft}/words", plan="Ask Sarah Jones of Acacia Road")
            self.get("officer", f"{draft}/freeze")
            self.post("officer", f"{draft}/freeze")  # 409: not what was shown
            with self.app.extensions["store"].reading() as session:
                kept = committee_papers.draft(session, int(draft.rpartition("/")[2]))
                ready = freezing.readiness(session, kept, today=local_day(utc_now()))
            release = self.post("officer", f"{draft}/freeze", shown=ready.shown).location
            self.post("officer", f"{release}/check")
            checking.check_waiting(self.app.extensions["store"], clock=utc_now)
            self.get("officer", f"{release}/check")
        later = {"first": "2026-05-01", "last": "2026-10-31"}
        self._draft(where, **later, audience="public")
        self.post("officer", where, first="2026-06-01", last="2026-10-31", audience="public")
        self.get("officer", f"{where}/year/{days['last']}/public")
        self.post("officer", where, first="2026-09-30", last="2026-04-01", audience="public")
        act = {"kind": "action", "item": "Count the bins", "owner": "Street scene manager"}
        self.post("officer", f"{where}/work/new", **act, due_on="2027-01-31")
        self.post("officer", f"{where}/work/1", state="under_way", note="A consultation runs")
        self.get("member", f"{where}/release/2")  # 403: it is exempt

    def _report(self) -> None:
        shot = encoded(picture(size=(640, 480)), exif=exif_at())
        client = self.clients["public"]
        for words, is_there in ((INSIDE, False), (INSIDE, True)):
            key = reporting.begin(client)
            self.post("public", f"/report/{key}/place", words="no such place at all")
            self.post("public", f"/report/{key}/place", words="park")
            self.post("public", f"/report/{key}/place", words="TQ 9000 1000")
            self.post("public", f"/report/{key}/spot", lon="0.37", lat="51.44", accuracy_m="9")
            at = self.post("public", f"/report/{key}/place", words=words).location
            while not at.endswith("/check"):
                question = at.rsplit("/", 1)[1]
                self.get("public", at)
                if question == "photos":
                    photo = (io.BytesIO(shot), "shot.jpg")
                    self.post("public", at, photos=photo)
                given = {
                    **reporting.QUICK,
                    "spot": {"landmark": "By the bins"},
                    "hazards": {"from_vehicle": "yes", "is_leaking": "y", "has_glass": "y"},
                    "nearby": {"choice": "none"},
                    "more": {"description": "Beside the boat", "email": "jo@example.org"},
                }
                if is_there and question == "nearby":
                    self.post("public", at)
                at = self.post("public", at, **given[question]).location
            self.get("public", f"/report/{key}/what")
            self.get("public", f"/report/{key}/passed-on")
            self.post("public", f"/report/{key}/elsewhere")
            self.get("public", at)
            receipt = self.post("public", at, website="").location
            reference = receipt.split("/")[2]
            for page in ("", "/receipt", "/remove-details"):
                self.get("public", f"/track/{reference}{page}")
        self.get("public", "/track?reference=nonsense")
        with self.store.reading() as session:
            token = session.scalars(select(ReporterContact.token)).first()
        self.get("public", f"/track/stop/{token}")
        self.get("partner", "/partner?words=park")
        self.get("partner", "/partner?lon=0.21&lat=51.44")
        report = "/partner/report?words=park&number=0"
        self.post("partner", report)
        self.post("partner", report, charger_band="11_to_50", key="p" * 24)
        self.post("officer", "/officer/telephone", words="park", charger_band="none")
        words = {"words": INSIDE, "charger_band": "over_100", "key": "t" * 24}
        self.post("officer", "/officer/telephone", **words)

    def _work(self) -> None:
        board = self.get("contractor", "/contractor/").text
        jobs = [link for link in _Page(board).links if link.startswith("/contractor/jobs/")]
        for job, given in zip(
            jobs,
            (
                {"outcome": "cleared", "no_photo_reason": "dark", "cylinders": "2"},
                {"outcome": "not_found"},
                {"outcome": "no_access"},
            ),
            strict=False,
        ):
            self.post("contractor", job, key=job[-10:] * 2, **given)
            self.get("officer", job)
            self.get("officer", job.replace("/contractor/jobs", "/officer/incidents"))
        self._send_worklist_back(jobs[-1].rsplit("/", 1)[-1])
        cleared = jobs[0].rsplit("/", 1)[-1]
        decide = f"/officer/incidents/{cleared}"
        self.post("officer", f"{decide}/reopen", reason="Seen again")
        self.post("officer", f"{decide}/pause", reason="access")
        self.post("officer", f"{decide}/merge", into="nothing")

    def _send_worklist_back(self, job: str) -> None:
        answer = "/contractor/worklist-answer"
        self.get("contractor", answer)
        self.post("contractor", answer)
        days = "2026-11-24 09:00"
        rows = f"report_ref,occurred_at,outcome\n{job},{days},not found\nNOSUCH,{days},cleared\n"
        held = {"name": "back.csv", "content": b64encode(rows.encode()).decode()}
        self.post("contractor", answer, **held)
        self.post("contractor", f"{answer}/take-in", **held)

    def _planned(self) -> str:
        """The address of tonight's plan; of other shifts one waits and one was refused."""
        store = self.app.extensions["store"]
        tonight = self.post("officer", "/patrols/tonight").location
        refused = self.post("officer", "/patrols/new", **FORM | {"end": "20:05"}).location
        plan_requests.plan_waiting(store, clock=utc_now)
        self.get("officer", refused)
        self.get("officer", self.post("officer", "/patrols/tonight").location)
        return self.get("officer", tonight).location

    def _patrol(self) -> None:
        plan = self._planned()
        for link in _Page(self.get("officer", plan).text).links:
            if "/patrols/stops/" in link:
                self.get("officer", link)
                self.post("officer", link, arrived="late", seen="yes")
        elsewhere = {"arrived": "11:30", "seen": "no", "grid_ref": INSIDE, "key": "e" * 24}
        self.post("officer", f"{plan}/elsewhere", **elsewhere)
        self.get("officer", "/officer/hotspots?class=new&text=park&against=1")
        self.get("officer", "/officer/hotspots?text=nothing-like-it")
        self.get("officer", "/officer/hotspots/runs/compare?first=1&second=4")
        self.get("officer", "/officer/interventions?kind=cctv")
        self.post("officer", "/officer/hotspots/H-0001/notes", text="Seen at dusk")
        self.post("officer", "/officer/hotspots/detection/run", day="2999-01-01")
        query = "name=Autumn&valid_from=2026-12-01&budget=3&view_m=50&kinds=car_park"
        self.get("officer", f"/posters/proposal?{query}")
        self.get("officer", "/officer/hotspots/H-0001/photos")
        candidate = {"name": "Back gate", "where": INSIDE}
        self.post("officer", "/posters/candidates/new", **candidate)

    def _enforce(self) -> None:
        page = self.get("officer", "/enforcement/record").text
        hidden = next(fields for action, fields in _Page(page).forms if action != "/sign-out")
        act = hidden | {
            "grid_ref": INSIDE,
            "offence_on": "2026-11-24",
            "offence_time": "11:00",
            "issued_on": "2026-11-24",
            "age_band": "18_or_over",
            "issuer": "1",
            "from_vehicle": "y",
        }
        for go in ("check", "record", "change"):
            self.post("officer", "/enforcement/record", **act, go=go)
        self.post("officer", "/enforcement/record", **act, go="record", route="advice")
        self.post("officer", "/enforcement/record", **act, go="record", route="litter_fpn")
        self.get("officer", "/enforcement/in-force?day=2026-11-24&grid_ref=TQ+5500+7400")
        self.get("officer", "/enforcement/in-force?day=nonsense")
        corners = "51.44 0.20\n51.45 0.20\n51.45 0.22\n51.44 0.22"
        self.post("officer", "/enforcement/evidence", corners=corners)
        self.post("officer", "/enforcement/evidence?order=1", corners=corners)

    def _manage_accounts(self) -> None:
        """An invitation, a second factor, and what stands between the password and the pages."""
        shown = self.post("admin", "/admin/accounts/invite", name="al", role="officer").text
        self.get("public", re.findall(r"/welcome/[\w-]+", shown)[0])
        self.get("public", "/welcome/nothing")
        page = self.get("partner", "/account/second-factor").text
        secret = re.findall(r'break-word">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
        proof = {"password": PASSWORD, "code": pyotp.TOTP(secret).now()}
        self.post("partner", "/account/second-factor", **proof)
        self.get("partner", "/account/second-factor/codes")
        self.get("partner", "/account/second-factor/remove")
        self.post("public", "/sign-in", name="partner", password=PASSWORD)
        for is_required in (True, False):
            with self.store.writing() as session:
                settings.write(session, REQUIRED, is_required)
            if is_required:
                self.post("public", "/sign-in", name="manager", password=PASSWORD)
        for page in ("/sign-in/sso", "/sign-in/sso/callback", "/signed-out"):
            self.get("public", page)
