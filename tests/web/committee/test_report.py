"""The report to the committee: its numbers counted anew, its two versions, and its files."""

import math
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest
from scipy import stats
from sqlalchemy import select

from geodata.basemap.kept import find, path_beside
from geodata.demo.borough import NAME
from geodata.models import Hotspot, Incident, Indicator, Intervention, Observation, Population
from geodata.rules.days import LONDON, corresponding_day, local_day
from geodata.store.engine import Store, open_store
from tests.web.browsing import NewPage
from tests.web.committee.report_files import packed_parts, pdf_metadata, pdf_pages
from web.services.committee.compiling import MARKING, compile_report
from web.services.committee.document import Document, Figure, Heading, Note, Paragraph, Table
from web.services.committee.drawn.files import FILES
from web.services.committee.report_period import ReportPeriod, proposed_period
from web.services.partnership.comparison_table import Audience

MARKER = "Zyzzyva"
SECRET = 7919
COPIED = ("area_kind", "area", "first_day", "months", "is_break", "is_provisional")
NOT_OURS = {"not_our_land", "duplicate"}


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def period(now: datetime) -> ReportPeriod:
    return proposed_period(local_day(now))


@pytest.fixture(scope="module")
def marked(_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demo with an exempt indicator, a camera, a patrol and a suspicion that bear a mark."""
    folder = tmp_path_factory.mktemp("committee")
    shutil.copy(path_beside(_demo), folder)
    store = open_store(f"sqlite:///{shutil.copy(_demo, folder)}")
    with store.writing() as session:
        like = session.scalars(select(Indicator).order_by(Indicator.id)).first()
        terms = ("unit", "polarity", "source", "definition")
        kept = {name: getattr(like, name) for name in terms} | {"source": "Hospital"}
        secret = Indicator(
            key="zyzzyva", name=f"{MARKER} calls", disclosure="exempt", paragraph=7, **kept
        )
        session.add(secret)
        session.flush()
        figures = session.scalars(
            select(Observation).where(Observation.indicator_id == like.id, Observation.months == 1)
        )
        for figure in figures:
            copied = {
                name: getattr(figure, name)
                for name in (
                    "area_kind",
                    "area",
                    "first_day",
                    "months",
                    "is_break",
                    "is_provisional",
                )
            }
            session.add(Observation(indicator_id=secret.id, value=SECRET, **copied))
        for spot in session.scalars(select(Hotspot)):
            spot.suspicion = f"{MARKER} suspicion"
        for kind in ("cctv", "patrol"):
            session.add(
                Intervention(
                    kind=kind,
                    name=f"{MARKER} {kind}",
                    geometry=spot.geometry.representative_point(),
                    valid_from=local_day(datetime.now(UTC)) - timedelta(days=500),
                )
            )
    yield store
    store.close()


@pytest.fixture(scope="module")
def reports(marked: Store, period: ReportPeriod, now: datetime) -> dict[Audience, Document]:
    with marked.reading() as session:
        return {
            audience: compile_report(
                session,
                first=period.first,
                last=period.last,
                audience=audience,
                council="Dartford",
                basemap=find(path_beside(marked.path)),
                now=now,
            )
            for audience in Audience
        }


@pytest.fixture(scope="module")
def files(reports: dict[Audience, Document], now: datetime) -> dict[tuple[Audience, str], bytes]:
    return {
        (audience, name): kind.draw(report, now, None)
        for audience, report in reports.items()
        for name, kind in FILES.items()
    }


def tables(report: Document, beginning: str) -> Table:
    (table,) = (
        b for b in report.blocks if isinstance(b, Table) and b.caption.startswith(beginning)
    )
    return table


def clocks(store: Store) -> list[Incident]:
    with store.reading() as session:
        rows = session.scalars(
            select(Incident).where(Incident.merged_into_id.is_(None), Incident.due_at.is_not(None))
        ).all()
        session.expunge_all()
    return list(rows)


def by_month(store: Store, period: ReportPeriod) -> dict[str, Counter[str]]:
    """What fell due in each month, one incident after the other."""
    months: dict[str, Counter[str]] = {}
    for one in clocks(store):
        day = one.due_at.astimezone(LONDON).date()
        if not period.first <= day <= period.last:
            continue
        month = months.setdefault(f"{day:%B %Y}", Counter())
        month["all"] += 1
        if one.state not in NOT_OURS:
            month["of"] += 1
            month["met"] += one.state == "cleared" and one.closed_at <= one.due_at
    return months


def test_every_number_of_the_exempt_clearance_table_is_the_store_s(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod
) -> None:
    rows = {row[0]: row[1:5] for row in tables(reports[Audience.EXEMPT], "Cleared by").rows}
    months = by_month(marked, period)
    months["The period"] = sum(months.values(), Counter())
    assert set(rows) == set(months)
    assert len(rows) == 7  # six months and their sum
    for name, counted in months.items():
        share = f"{100 * counted['met'] / counted['of']:.0f}%"
        expected = (f"{counted['all']}", f"{counted['met']}", f"{counted['of']}", share)
        assert rows[name] == expected, name


def test_every_number_of_the_public_clearance_table_is_the_store_s(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod
) -> None:
    *rows, total = tables(reports[Audience.PUBLIC], "Cleared by").rows
    months = by_month(marked, period)
    assert [row[0] for row in rows] == [f"{each.first:%B %Y}" for each in period.months]
    for name, due, met, _ in rows:
        assert (int(due), int(met)) == (months[name]["of"], months[name]["met"]), name
    sums = sum(months.values(), Counter())
    assert total[1:3] == (f"{sums['of']}", f"{sums['met']}")


def half_done(jobs: list[Incident], now: datetime) -> float:
    """Hours by which half are done, by Kaplan and Meier in fractions: the open are there until now,
    and what is not ours is not waited for."""
    ends = [
        ((one.closed_at or now) - one.first_public_at, one.state in {"cleared", "not_found"})
        for one in jobs
        if one.state not in NOT_OURS
    ]
    still = Fraction(1)
    for moment in sorted({time for time, is_done in ends if is_done}):
        waiting = sum(time >= moment for time, _ in ends)
        still *= 1 - Fraction(sum(end == (moment, True) for end in ends), waiting)
        if still <= Fraction(1, 2):
            return moment / timedelta(hours=1)
    return math.inf


def test_the_hours_in_which_half_were_done_are_the_store_s(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod, now: datetime
) -> None:
    table = tables(reports[Audience.EXEMPT], "Cleared by")
    jobs: dict[str, list[Incident]] = {}
    for one in clocks(marked):
        day = one.due_at.astimezone(LONDON).date()
        if period.first <= day <= period.last:
            jobs.setdefault(f"{day:%B %Y}", []).append(one)
    jobs["The period"] = [one for month in jobs.values() for one in month]
    assert table.columns[5] == "Half were cleared or gone within"
    assert {row[0]: row[5] for row in table.rows} == {
        name: f"{half_done(each, now):.1f} hours" for name, each in jobs.items()
    }


def night(one: Incident) -> date:
    """The day on whose noon the night began: seen first counts before reported first, and where the
    place was clean within the day before, the middle of both."""
    moment = min(one.first_seen_at or one.first_reported_at, one.first_reported_at)
    if one.last_clean_at and timedelta() < moment - one.last_clean_at <= timedelta(hours=24):
        moment -= (moment - one.last_clean_at) / 2
    return (moment.astimezone(LONDON).replace(tzinfo=None) - timedelta(hours=12)).date()


def test_effects_are_cleared_incidents_there_and_in_the_same_months_a_year_earlier(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod
) -> None:
    rows = {
        row[0].split(", since ")[0]: row
        for row in tables(reports[Audience.EXEMPT], "Incidents before").rows
    }
    with marked.reading() as session:
        dumps = session.scalars(select(Incident).where(Incident.state == "cleared")).all()
        done = session.scalars(select(Intervention).where(Intervention.name.in_(list(rows)))).all()
        assert len(done) == len(rows) >= 3
        for each in done:
            ground = each.geometry if each.geometry.area else each.geometry.buffer(100)
            there = [night(one) for one in dumps if one.geometry.intersects(ground)]
            months = [corresponding_day(each.valid_from, n) for n in range(13)]
            after = (
                each.valid_from,
                max(m for m in months if m <= period.last + timedelta(days=1)),
            )
            before = tuple(corresponding_day(day, -12) for day in after)
            counts = [sum(a <= day < b for day in there) for a, b in (before, after)]
            assert rows[each.name][1:3] == tuple(map(str, counts)), each.name


def window_sum(store: Store, key: str, area: str, first: date) -> int:
    """Observations of twelve months, added up one by one."""
    starts = {corresponding_day(first, n) for n in range(12)}
    with store.reading() as session:
        rows = session.scalars(
            select(Observation).join(Indicator).where(Indicator.key == key)
        ).all()
        return round(sum(row.value for row in rows if row.area == area and row.first_day in starts))


def test_every_number_of_the_partners_table_is_the_store_s(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod
) -> None:
    table = tables(reports[Audience.EXEMPT], "Figures of partners")
    later = corresponding_day(period.last.replace(day=1), -11)
    earlier = corresponding_day(later, -12)
    with marked.reading() as session:
        keys = {row.name: row.key for row in session.scalars(select(Indicator))}
    assert len(table.rows) == len(keys)
    checked = 0
    for row in table.rows:
        name = row[0].split(". ")[0]
        for area, cell in zip(table.columns[1:], row[1:], strict=True):
            if cell == "No figures":
                continue
            match = re.match(r"([\d,]+) from ([\d,]+)[,.]", cell)
            assert match, cell
            printed = [int(number.replace(",", "")) for number in match.groups()]
            expected = [window_sum(marked, keys[name], area, first) for first in (later, earlier)]
            assert printed == expected, (name, area)
            checked += 1
    assert checked >= 3 * 12  # twelve types of crime, two boroughs and the county


def months_of(store: Store, key: str, area: str, last: date) -> list[float]:
    """36 months up to the last, cut off at a break; read one by one."""
    starts = [corresponding_day(last, -n) for n in range(35, -1, -1)]
    with store.reading() as session:
        rows = session.scalars(
            select(Observation).join(Indicator).where(Indicator.key == key)
        ).all()
        known = {row.first_day: row for row in rows if row.area == area and row.months == 1}
        months: list[float] = []
        for start in starts:
            if start not in known or known[start].is_break:
                months = []
            if start in known:
                months.append(known[start].value)
    return months


def slope_p_value(months: list[float]) -> tuple[float, float]:
    """Of the last 24: least squares with a level for each calendar month, and Student's t."""
    design = np.zeros((24, 13))
    design[np.arange(24), np.arange(24) % 12] = 1
    design[:, 12] = np.arange(24)
    counts = np.array(months[-24:])
    coefficients = np.linalg.lstsq(design, counts, rcond=None)[0]
    rest = counts - design @ coefficients
    error = np.sqrt(rest @ rest / 11 * np.linalg.inv(design.T @ design)[12, 12])
    return coefficients[12], 2 * stats.t.sf(abs(coefficients[12] / error), 11)


def spikes_of(months: list[float], last: date) -> list[str]:
    """Months of the last year beyond three sigmas of the two years before, Poisson's at least."""
    base = np.array(months[:-12])
    limit = base.mean() + 3 * np.sqrt(max(base.mean(), base.var(ddof=1)))
    limit = max(limit, stats.poisson.ppf(stats.norm.cdf(3), base.mean()))
    return [
        f"{corresponding_day(last, n - 11):%B}" for n, x in enumerate(months[-12:]) if x > limit
    ]


def test_every_verdict_of_the_partners_table_is_reckoned_anew(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod
) -> None:
    """Rates, exact test, arrow, trend and spike, by SciPy from the store's rows; less is better."""
    table = tables(reports[Audience.EXEMPT], "Figures of partners")
    last = period.last.replace(day=1)
    with marked.reading() as session:
        keys = {row.name: row.key for row in session.scalars(select(Indicator))}
        people = {row.area: row.people for row in session.scalars(select(Population))}
    seen: Counter[str] = Counter()
    for row in table.rows:
        key = keys[row[0].split(". ")[0]]
        for area, cell in zip(table.columns[1:], row[1:], strict=True):
            if cell == "No figures":
                continue
            after, before = (
                window_sum(marked, key, area, corresponding_day(last, n)) for n in (-11, -23)
            )
            per = [f"{1000 * n / people[area]:.2f}" for n in (after, before)]
            assert f"{per[0]} per 1,000 people, before {per[1]}" in cell
            months = months_of(marked, key, area, last)
            if len(months) < 24:
                assert "Not comparable: " in cell
                seen["broken"] += 1
                continue
            p_value = stats.binomtest(after, after + before).pvalue
            verdict = "↔ No change"
            if p_value < 0.05:
                verdict = "↑ Deterioration" if after > before else "↓ Improvement"
            words = "p under 0.001" if p_value < 0.001 else f"p {p_value:.3f}"
            assert f"{verdict} {words}" in cell, (key, area)
            slope, slope_p = slope_p_value(months)
            way = "up" if slope > 0 else "down"
            assert (f"Trend {way} (slope p" in cell) == (slope_p < 0.05), (key, area)
            spikes = spikes_of(months, last)
            assert ("pike in" in cell) == bool(spikes), (key, area)
            assert all(name in cell for name in spikes)
            seen[verdict] += 1
    assert set(seen) == {"broken", "↔ No change", "↑ Deterioration", "↓ Improvement"}


def test_our_own_shares_and_costs_are_the_store_s(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod, now: datetime
) -> None:
    """Cleared in target, repeats within 28 days, cylinders and cost of both years, from rows."""
    last = period.last.replace(day=1)
    clocked = clocks(marked)
    # An incident that a patrol saw first counts from when the public told of it.
    reported = [(one.first_public_at, one.geometry) for one in clocked]
    with marked.reading() as session:
        costs = session.execute(select(Intervention.valid_from, Intervention.cost_pence)).all()
        counted_cylinders = session.execute(
            select(Incident.first_reported_at, Incident.cylinders).where(
                Incident.merged_into_id.is_(None)
            )
        ).all()
    words: dict[str, list[str]] = {}
    for first in (corresponding_day(last, -11), corresponding_day(last, -23)):
        end = corresponding_day(first, 12)
        due = [one for one in clocked if first <= local_day(one.due_at) < end]
        ours = [one for one in due if one.state not in NOT_OURS]
        met = sum(one.state == "cleared" and one.closed_at <= one.due_at for one in ours)
        month = timedelta(days=28)
        ripe = [one for one in due if one.state == "cleared" and one.closed_at + month <= now]
        again = sum(
            any(
                one.closed_at < at <= one.closed_at + month and one.geometry.distance(point) <= 25
                for at, point in reported
            )
            for one in ripe
        )
        held = sum(first <= local_day(at) < end and (n or 0) > 0 for at, n in counted_cylinders)
        spent = sum(pence or 0 for day, pence in costs if first <= day < end)
        for name, text in {
            "Cleared in target": f"{100 * met / len(ours):.0f}% ({met} of {len(ours)})",
            "Repeat within 28 days": f"{100 * again / len(ripe):.0f}% ({again} of {len(ripe)})",
            "Incidents with large cylinders": f"{held:,}",
            "Cost of interventions": f"£{spent / 100:,.0f}",
        }.items():
            words.setdefault(name, []).append(text)
    for report in reports.values():
        glance = {row[0].split(". ")[0]: list(row[1:3]) for row in tables(report, "At a gl").rows}
        assert {name: glance[name] for name in words} == words
        for name, (after, before) in words.items():
            assert own_row(report, name).startswith(f"{after} from {before}")


def test_our_own_incidents_are_the_store_s(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod
) -> None:
    later = corresponding_day(period.last.replace(day=1), -11)
    earlier = corresponding_day(later, -12)
    with marked.reading() as session:
        days = [
            local_day(at)
            for at in session.scalars(
                select(Incident.first_reported_at).where(Incident.merged_into_id.is_(None))
            )
        ]
    after = sum(later <= day <= period.last for day in days)
    before = sum(earlier <= day < later for day in days)
    for report in reports.values():
        (row,) = (
            r for r in tables(report, "The council's own").rows if r[0].startswith("Incidents.")
        )
        assert row[1].startswith(f"{after} from {before}, ")


def test_no_public_file_holds_a_trace_of_what_is_exempt(
    files: dict[tuple[Audience, str], bytes],
) -> None:
    traces = (MARKER, str(SECRET), f"{12 * SECRET:,}", str(12 * SECRET), "NOT FOR PUBLICATION")
    pdf = files[Audience.PUBLIC, "pdf"]
    texts = {
        "html": files[Audience.PUBLIC, "html"].decode(),
        "pdf": " ".join(pdf_pages(pdf)),
        "metadata": pdf_metadata(pdf),
        **packed_parts(files[Audience.PUBLIC, "docx"]),
        **packed_parts(files[Audience.PUBLIC, "odt"]),
        "map": " ".join(pdf_pages(files[Audience.PUBLIC, "map"])),
        "map's metadata": pdf_metadata(files[Audience.PUBLIC, "map"]),
    }
    for name, text in texts.items():
        for trace in traces:
            assert trace not in text, (name, trace)
    for name in ("html", "pdf", "word/document.xml", "content.xml"):
        assert "paragraph 7" in texts[name]
        assert "withheld as exempt" in texts[name]


def test_each_exempt_file_holds_it_and_is_marked_on_every_page(
    files: dict[tuple[Audience, str], bytes],
) -> None:
    pages = pdf_pages(files[Audience.EXEMPT, "pdf"])
    assert len(pages) > 5
    assert all(MARKING in page for page in pages)
    parts = packed_parts(files[Audience.EXEMPT, "docx"])
    heads = [text for name, text in parts.items() if name.startswith("word/header")]
    assert any(MARKING in text for text in heads)
    assert "headerReference" in parts["word/document.xml"]
    html = files[Audience.EXEMPT, "html"].decode()
    assert MARKING in html
    odt = packed_parts(files[Audience.EXEMPT, "odt"])
    assert MARKING in odt["styles.xml"]
    for text in (" ".join(pages), parts["word/document.xml"], html, odt["content.xml"]):
        for trace in (
            f"{MARKER} calls",
            f"{MARKER} cctv",
            f"{MARKER} suspicion",
            f"{12 * SECRET:,}",
        ):
            assert trace in text


def test_the_marking_has_room_of_its_own_on_each_printed_page_of_the_html(
    files: dict[tuple[Audience, str], bytes], new_page: NewPage
) -> None:
    """A box fixed to the page lay over the first rows of each."""
    page = new_page()
    page.set_content(files[Audience.EXEMPT, "html"].decode())
    printed = pypdfium2.PdfDocument(page.pdf(format="A4"))
    assert len(printed) > 5
    for sheet in printed:
        words = sheet.get_textpage()
        assert words.get_text_range().count("EXEMPT: NOT FOR PUBLICATION") == 1
        places = words.search("EXEMPT").get_next()
        _, bottom, _, top = words.get_charbox(places[0])
        line = words.get_text_bounded(0, bottom, sheet.get_width(), top)
        assert line.strip() == MARKING


def test_the_demo_is_marked_synthetic_in_every_file(
    files: dict[tuple[Audience, str], bytes],
) -> None:
    for audience in Audience:
        assert all("Synthetic demo data" in p for p in pdf_pages(files[audience, "pdf"]))
        assert "Synthetic demo data" in files[audience, "html"].decode()
        footers = [t for n, t in packed_parts(files[audience, "docx"]).items() if "footer" in n]
        assert any("Synthetic demo data" in text for text in footers)
        assert "Synthetic demo data" in packed_parts(files[audience, "odt"])["styles.xml"]


def test_the_word_file_has_what_word_checks_for(
    files: dict[tuple[Audience, str], bytes], reports: dict[Audience, Document]
) -> None:
    parts = packed_parts(files[Audience.PUBLIC, "docx"])
    body, report = parts["word/document.xml"], reports[Audience.PUBLIC]
    kinds = Counter(type(block) for block in report.blocks)
    assert body.count("<w:tblHeader") == kinds[Table]
    assert body.count("<w:tblCaption") == kinds[Table]
    assert body.count('w:val="Caption"') == kinds[Table] + kinds[Figure]
    firsts = sum(isinstance(b, Heading) and b.level == 1 for b in report.blocks)
    assert body.count('w:val="Heading1"') == firsts
    assert 'w:val="Heading2"' in body
    alts = re.findall(r'<wp:docPr [^>]*descr="([^"]+)"', body)
    assert len(alts) == kinds[Figure] == 3
    assert "hotspots on streets and ward boundaries" in alts[-1]
    assert set(re.findall(r'w:lang w:val="([^"]+)"', parts["word/styles.xml"])) == {"en-GB"}
    core = parts["docProps/core.xml"]
    assert "<dc:creator>Dartford</dc:creator>" in core
    assert "python-docx" not in core


def test_the_open_document_says_the_same_with_heads_and_words_for_pictures(
    reports: dict[Audience, Document], files: dict[tuple[Audience, str], bytes]
) -> None:
    """ODF 1.3, parts 2 and 3: its type comes first and unpacked, and every picture is described."""
    content, report = files[Audience.PUBLIC, "odt"], reports[Audience.PUBLIC]
    assert content[30:77] == b"mimetypeapplication/vnd.oasis.opendocument.text"
    text = ElementTree.fromstring(packed_parts(content)["content.xml"])
    drawn = [
        [
            ["".join(cell.itertext()) for cell in row.iter(odf("table", "table-cell"))]
            for row in table.iter(odf("table", "table-row"))
        ]
        for table in text.iter(odf("table", "table"))
    ]
    blocks = [block for block in report.blocks if isinstance(block, Table)]
    assert drawn == [[list(row) for row in (each.columns, *each.rows)] for each in blocks]
    heads = list(text.iter(odf("table", "table-header-rows")))
    assert len(heads) == len(blocks)
    frames = list(text.iter(odf("drawing", "frame")))
    described = [frame.find(odf("svg-compatible", "desc")).text for frame in frames]
    assert described == [block.alt for block in report.blocks if isinstance(block, Figure)]
    titles = ["".join(each.itertext()) for each in text.iter(odf("text", "h"))]
    assert titles == [block.text for block in report.blocks if isinstance(block, Heading)]


def odf(space: str, name: str) -> str:
    return f"{{urn:oasis:names:tc:opendocument:xmlns:{space}:1.0}}{name}"


def test_the_borough_is_held_against_its_neighbours_by_an_exact_test(
    marked: Store, reports: dict[Audience, Document], period: ReportPeriod
) -> None:
    """Burglaries per head, against Kent, by R's poisson.test in SciPy's form."""
    (answer,) = (
        block.text
        for block in reports[Audience.PUBLIC].blocks
        if isinstance(block, Paragraph) and block.lead == "Than whom?"
    )
    against = re.search(r"Against Kent[^.]*? is (better in [^,]*)", answer)
    assert against, answer
    first = corresponding_day(period.last.replace(day=1), -11)
    with marked.reading() as session:
        key = session.scalars(select(Indicator.key).where(Indicator.name == "Burglary")).one()
    ours, theirs = (window_sum(marked, key, area, first) for area in (NAME, "Kent"))
    share = 120_000 / (120_000 + 1_610_000)  # the people of the demo
    p_value = stats.binomtest(ours, ours + theirs, share).pvalue
    is_better = p_value < 0.05 and ours / 120_000 < theirs / 1_610_000
    assert ("burglary" in against[1]) == is_better


def test_the_summary_answers_what_a_councillor_asks(
    files: dict[tuple[Audience, str], bytes],
) -> None:
    first = " ".join(pdf_pages(files[Audience.PUBLIC, "pdf"])[:2])
    for question in (
        "Better or worse?",
        "Than whom?",
        "Is that chance?",
        "What did it cost?",
        "What do you ask of us?",
    ):
        assert question in first


def test_the_map_has_every_hotspot_by_number_in_its_words(
    reports: dict[Audience, Document],
) -> None:
    report = reports[Audience.PUBLIC]
    (figure,) = (b for b in report.blocks if isinstance(b, Figure) and b.name == "map")
    spots = tables(report, "Hotspots, the strongest").rows
    assert len(spots) > 5
    for number, name, *_ in spots:
        assert f"{number} {name}" in figure.alt


def test_page_one_and_the_map_say_of_which_day_the_hotspots_are(
    files: dict[tuple[Audience, str], bytes], period: ReportPeriod
) -> None:
    """The demo has a run at the period's end; the period alone would not say so."""
    last = f"{period.last.day} {period.last:%B %Y}"
    for audience in Audience:
        first, *_ = pdf_pages(files[audience, "pdf"])
        assert f"stood as of {last}, the last detection run of the period" in first
        (sheet,) = pdf_pages(files[audience, "map"])
        assert f"hotspots as of {last}" in sheet
        assert f"for the report on {period}" in sheet


def test_figures_say_where_they_come_from(reports: dict[Audience, Document]) -> None:
    rows = dict(tables(reports[Audience.PUBLIC], "Where the figures").rows)
    assert re.fullmatch(r"[0-9a-f]{64}", rows["Fingerprint of the run's data"])
    assert re.fullmatch(r"[0-9a-f]{12}", rows["Fingerprint of this report"])
    assert rows["Detection run"].startswith(tuple("123456789"))


def own_row(report: Document, name: str) -> str:
    (cell,) = (r[1] for r in tables(report, "The council's own").rows if r[0].startswith(name))
    return cell


def test_small_counts_of_people_are_in_the_exempt_version_alone(
    reports: dict[Audience, Document],
) -> None:
    caption = "Penalty notices by ward and year"
    *wards, (_, *sums) = tables(reports[Audience.EXEMPT], caption).rows
    counted = [[int(cell) for cell in cells] for _, *cells in wards]
    assert [int(n) for n in sums] == [sum(column) for column in zip(*counted, strict=True)]
    public = reports[Audience.PUBLIC]
    assert not [b for b in public.blocks if isinstance(b, Table) and b.caption == caption]
    assert any(
        isinstance(b, Note) and "by ward and part of a year" in b.text for b in public.blocks
    )
    for _, *cells in tables(public, "Actions by kind and year").rows:
        assert all(cell == "Too few to show" or int(cell) >= 5 for cell in cells)
    few = re.match(r"(\d+) from (\d+)", own_row(reports[Audience.EXEMPT], "Penalty notices."))
    assert few
    after, before = map(int, few.groups())
    assert before < 5, "the demo has few notices, else this proves nothing"
    public_row = own_row(reports[Audience.PUBLIC], "Penalty notices.")
    # Neither the change nor the rate, from each of which the count could be reckoned.
    shown = f"{after}" if after >= 5 else "Fewer than 5"
    assert public_row == f"{shown} from fewer than 5. Not compared: too few to show."


def test_no_count_of_a_place_is_too_small_in_public(reports: dict[Audience, Document]) -> None:
    """Around the demo's sites were 0 and 2 incidents: told to members alone."""
    pairs = {
        audience: [
            int(count)
            for row in tables(report, "Incidents before and after").rows
            for pair in re.findall(r"from (\d+) to (\d+)", row[3])
            for count in pair
        ]
        for audience, report in reports.items()
    }
    assert min(pairs[Audience.EXEMPT]) < 5
    assert min(pairs[Audience.PUBLIC], default=5) >= 5


def test_columns_of_the_word_file_are_as_wide_as_their_cells_ask(
    files: dict[tuple[Audience, str], bytes], reports: dict[Audience, Document]
) -> None:
    """LibreOffice reads the grid: with equal columns the evidence took three pages."""
    body = packed_parts(files[Audience.EXEMPT, "docx"])["word/document.xml"]
    grids = [
        [int(width) for width in re.findall(r'w:gridCol w:w="(\d+)"', grid)]
        for grid in re.findall(r"<w:tblGrid>(.*?)</w:tblGrid>", body)
    ]
    report_tables = [block for block in reports[Audience.EXEMPT].blocks if isinstance(block, Table)]
    assert len(grids) == len(report_tables)
    for grid, table in zip(grids, report_tables, strict=True):
        assert abs(sum(table.widths) - 1) < 0.01, table.caption
        for width, share in zip(grid, table.widths, strict=True):
            assert abs(width / sum(grid) - share) < 0.01, table.caption


def test_the_chart_of_incidents_has_the_store_s_months(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod
) -> None:
    with marked.reading() as session:
        months = Counter(
            f"{local_day(at):%B %Y}"
            for at in session.scalars(
                select(Incident.first_reported_at).where(Incident.merged_into_id.is_(None))
            )
        )
    table = tables(reports[Audience.EXEMPT], "Numbers of the chart of incidents")
    starts = [corresponding_day(period.last.replace(day=1), -n) for n in range(35, -1, -1)]
    by_column = [int(row[column]) for column in (1, 2, 3) for row in table.rows]
    assert by_column == [months[f"{first:%B %Y}"] for first in starts]


def test_the_chart_of_clearance_has_the_months_that_fell_due(
    reports: dict[Audience, Document], marked: Store, period: ReportPeriod
) -> None:
    table = tables(reports[Audience.EXEMPT], "Numbers of the chart of clearance")
    months = by_month(marked, ReportPeriod(corresponding_day(period.last, -24), period.last))
    assert len(table.rows) == 24
    for name, met, of, *_ in table.rows:
        assert (int(met), int(of)) == (months[name]["met"], months[name]["of"])


def test_the_map_is_on_a_sheet_of_a3_of_its_own(
    files: dict[tuple[Audience, str], bytes], reports: dict[Audience, Document]
) -> None:
    content = files[Audience.EXEMPT, "map"]
    width, height = 420 / 25.4 * 72, 297 / 25.4 * 72  # A3 on its side, in points
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", content)
    assert box
    assert [round(float(n)) for n in box.groups()] == [round(width), round(height)]
    (sheet,) = pdf_pages(content)
    assert MARKING in sheet
    assert "NOT FOR PUBLICATION" not in " ".join(pdf_pages(files[Audience.PUBLIC, "map"]))
    for row in tables(reports[Audience.EXEMPT], "Key to the map").rows:
        assert f"{row[0]} {row[1]}"[:30] in " ".join(sheet.split())
