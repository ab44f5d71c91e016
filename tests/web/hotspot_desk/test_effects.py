"""Did it work? Planted counts come out as planted, with all that speaks against them."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from geodata.core.errors import RefusedError
from geodata.models import ContractPeriod, Incident, Order, OrderVersion, PosterSite, Report
from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import Spot, store_incidents
from tests.web.page import Page
from web.services.effects import EffectReport, report_effect
from web.services.effects.effect_design import EffectQuestion, treated_parts
from web.services.effects.good_news import GoodNews, good_news
from web.services.good_news.proposal import Proposal
from web.services.good_news.worked import worked

TODAY = date(2026, 7, 31)
NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)
START = date(2025, 7, 1)
YEARS = (date(2023, 7, 1), date(2024, 7, 1), START)  # of the choice, before, after
TARGET, RING = (553_000, 174_000), (553_150, 174_000)
OTHERS = ((555_000, 174_500), (555_000, 173_300))
ELSEWHERE = (552_300, 173_200)
"""In the target's ward, which without it would be told to have a few."""


def spread(year: date, n: int) -> list[datetime]:
    """n evenings over a whole year, from its third day on: the record has no silence."""
    start = datetime(year.year, year.month, year.day, 20, tzinfo=UTC)
    return [start + timedelta(days=2 + 355 * k // n) for k in range(n)]


def dumps(target: tuple[int, int, int], *others: tuple[int, int, int]) -> list[Spot]:
    """By place, how many incidents in each of ``YEARS``."""
    places = (TARGET, *OTHERS)
    return [
        (*xy, [at for year, n in zip(YEARS, counts, strict=True) for at in spread(year, n)])
        for xy, counts in zip(places, (target, *others), strict=True)
    ]


def intervene(store: Store, **changed: Any) -> int:
    columns = {"kind": "bin", "name": "New bin", "valid_from": START, "valid_to": None} | changed
    xy = columns.pop("at", TARGET)
    with store.writing() as session:
        return interventions.add(session, ACTOR, shapely.Point(xy), **columns).id


def news_of(store: Store, report: EffectReport) -> GoodNews:
    with store.reading() as session:
        return good_news(session, report)


def worked_of(store: Store, report: EffectReport) -> Proposal:
    with store.reading() as session:
        return worked(session, report, "West")


def effect_of(store: Store, key: int, **choices: Any) -> EffectReport:
    with store.reading() as session:
        question = EffectQuestion(**choices)
        return report_effect(session, "intervention", key, question, today=TODAY)


@pytest.fixture
@filled_once
def success(council: Store) -> Store:
    """40 incidents before and 10 after, where two places like it kept their 20; a few around."""
    spots = dumps((20, 40, 10), (20, 20, 20), (19, 20, 20))
    spots.append((*RING, [*spread(YEARS[1], 3), *spread(YEARS[2], 3)]))
    spots.append((*ELSEWHERE, [*spread(YEARS[1], 4), *spread(YEARS[2], 4)]))
    store_incidents(council, spots, now=NOW, state="cleared")
    return council


def test_planted_counts_come_out_with_their_estimates(success: Store) -> None:
    report = effect_of(success, intervene(success))
    counts = {name: (pair.before, pair.after) for name, pair in report.counts.items()}
    assert counts == {
        "target": (40, 10),
        "ring": (3, 3),
        "comparison": (40, 40),
        "comparison_ring": (0, 0),
    }
    effect = report.effect
    assert (effect.verdict, effect.expected) == ("fewer", 40.0)
    # (10 - 40) - (40 - 40) + (3 - 3) - 0; 40 + 10 + 40 + 40 + 3 + 3
    assert (effect.displacement.difference, effect.displacement.variance) == (-30, 136)
    assert report.by_model is not None
    assert report.by_model.ratio == pytest.approx(0.25, abs=0.02)
    assert sum(month.target for month in report.months if month.is_after) == 10


def test_before_and_after_are_the_same_months(success: Store) -> None:
    spans = effect_of(success, intervene(success), months=3).spans
    assert spans.before.days == (date(2024, 7, 1), date(2024, 9, 30))
    assert spans.after.days == (date(2025, 7, 1), date(2025, 9, 30))
    assert spans.selection.days == (date(2023, 7, 1), date(2024, 6, 30))


def test_a_year_of_the_choice_is_kept_out_when_asked(success: Store) -> None:
    report = effect_of(success, intervene(success), leaves_out_year=True)
    assert report.spans.before.days == (date(2023, 7, 1), date(2024, 6, 30))
    assert report.spans.selection.days == (date(2024, 7, 1), date(2025, 6, 30))
    assert (report.counts["target"].before, report.counts["target"].after) == (20, 10)
    assert not any("Regression" in warning for warning in report.warnings)


def test_comparison_areas_can_be_chosen(success: Store) -> None:
    report = effect_of(success, intervene(success), areas=frozenset({"555000-174500"}))
    assert (report.counts["comparison"].before, report.counts["comparison"].after) == (20, 20)
    assert [area.code for area in report.ground.areas if area.is_proposed] == [
        "555000-174500",
        "555000-173300",
    ]


def test_small_numbers_are_too_few_to_say(council: Store) -> None:
    store_incidents(council, dumps((2, 4, 2), (2, 3, 3), (1, 2, 2)), now=NOW, state="cleared")
    report = effect_of(council, intervene(council))
    assert report.effect.verdict == "too few to say"
    assert report.effect.sentence.startswith("Too few to say: from 4 to 2 incidents")
    assert any(warning.startswith("Small numbers: 4 before") for warning in report.warnings)
    with pytest.raises(RefusedError, match="Only 4 incidents before"):
        news_of(council, report)


def test_what_else_happened_is_named(success: Store) -> None:
    intervene(success, name="Lamps", kind="lighting", valid_from=date(2025, 9, 1))
    intervene(success, name="Old sign", valid_from=date(2020, 1, 1))  # all the time: no change
    intervene(success, name="Far off", at=OTHERS[0])
    with success.writing() as session:
        session.add(ContractPeriod(contractor="New", valid_from=date(2026, 1, 1)))
    warnings = " ".join(effect_of(success, intervene(success)).warnings)
    assert "Not alone: Lamps (from 1 September 2025) may have done it" in warnings
    assert "Old sign" not in warnings
    assert "Far off" not in warnings
    assert "Another contractor: New took over the clearing (1 January 2026)" in warnings


def test_more_reports_by_a_poster_s_code_are_named(success: Store) -> None:
    with success.writing() as session:
        site = PosterSite(code="P1", name="Gate", geometry=shapely.Point(TARGET))
        session.add(site)
        session.flush()
        for n, at in enumerate([*spread(YEARS[1], 4), *spread(YEARS[2], 4)]):
            session.add(
                Report(
                    reference=f"R{n}",
                    reported_at=at,
                    recorded_at=at,
                    geometry=shapely.Point(TARGET),
                    source="public",
                    channel="web",
                    charger_band="unknown",
                    poster_site_id=site.id if n >= 6 else None,
                )
            )
    warnings = " ".join(effect_of(success, intervene(success)).warnings)
    assert "2 of 4 reports after came by a poster's QR code, 0 of 4 before" in warnings


def test_more_that_only_a_new_poster_tells_of_is_not_more_dumping(council: Store) -> None:
    # Twenty by phone in each year, and forty more after, which a poster's code alone tells of.
    store_incidents(council, dumps((20, 20, 60), (20, 20, 20), (19, 20, 20)), now=NOW)
    key = intervene(council)
    assert effect_of(council, key).effect.verdict == "more"
    with council.writing() as session:
        site = PosterSite(code="P1", name="Gate", geometry=shapely.Point(TARGET))
        session.add(site)
        session.flush()
        after = datetime(2025, 7, 1, tzinfo=UTC)
        for n, one in enumerate(session.scalars(select(Incident).order_by(Incident.id))):
            at = one.first_reported_at
            is_new = one.geometry.distance(shapely.Point(TARGET)) < 1 and at > after and n % 3
            session.add(
                Report(
                    reference=f"R{n}",
                    reported_at=at,
                    recorded_at=at,
                    geometry=one.geometry,
                    source="public",
                    channel="web" if is_new else "phone",
                    charger_band="unknown",
                    poster_site_id=site.id if is_new else None,
                    incident_id=one.id,
                )
            )
    effect = effect_of(council, key).effect
    assert effect.verdict not in ("more", "fewer")
    assert effect.sentence.startswith("Reports by “poster P1” began or ended in the time compared")
    assert "from 20 to 20 incidents" in effect.sentence


def test_a_month_must_have_passed(success: Store) -> None:
    with pytest.raises(RefusedError, match="once a month has passed"):
        effect_of(success, intervene(success, valid_from=date(2026, 7, 1)))
    report = effect_of(success, intervene(success, valid_from=date(2026, 6, 30)))
    assert report.spans.months == 1
    assert any("Only 1 whole month has passed" in warning for warning in report.warnings)


def test_dumps_that_nobody_cleared_count_where_outcomes_are_not_known(council: Store) -> None:
    store_incidents(council, dumps((5, 9, 9), (5, 9, 9), (5, 9, 9)), now=NOW, state="open")
    key = intervene(council)
    assert effect_of(council, key).outcome == "all"
    assert effect_of(council, key).counts["target"].before == 9
    assert effect_of(council, key, outcome="cleared").counts["target"].before == 0


def test_good_news_claims_only_what_was_counted(success: Store) -> None:
    news = news_of(success, effect_of(success, intervene(success)))
    assert (news.before, news.after, news.months) == ("about 40", "about 10", 12)
    assert "about 10 times in 12 months, against about 40 in the same months before" in news.text


def test_what_worked_is_proposed_as_a_post_in_round_numbers(success: Store) -> None:
    key = intervene(success)
    news = worked_of(success, effect_of(success, key))
    assert (news.key, news.kind, news.ward) == (f"effect:intervention:{key}", "effect", "West")
    # 40 and 10 were planted, and both are multiples of 5 already
    assert news.figures == (
        ("about 40", "dumps in 12 months before"),
        ("about 10", "dumps in 12 months since"),
    )
    assert news.words.text.startswith("Since New bin began in July 2025, canisters were dumped")
    assert "about 10 times in 12 months, against about 40 in the same" in news.words.text
    assert len(news.words.text) <= 280


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "cctv", "camera_ref": "C1", "purpose": "Litter"}, "cameras are is not published"),
        ({"kind": "patrol"}, "patrols are is not published"),
    ],
)
def test_where_cameras_and_patrols_are_is_never_news(
    success: Store, changed: dict[str, str], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        worked_of(success, effect_of(success, intervene(success, **changed)))


def test_dumps_that_only_moved_are_no_news(council: Store) -> None:
    spots = dumps((20, 40, 10), (20, 20, 20), (19, 20, 20))
    spots.append((*RING, [*spread(YEARS[1], 3), *spread(YEARS[2], 35)]))
    store_incidents(council, spots, now=NOW, state="cleared")
    with pytest.raises(RefusedError, match="may have moved"):
        news_of(council, effect_of(council, intervene(council)))


def test_points_become_ground_and_overlapping_ones_one_site() -> None:
    near = shapely.MultiPoint([(0, 0), (50, 0), (1_000, 0)])
    parts = treated_parts(near)
    assert len(parts) == 2
    square = shapely.box(0, 0, 10, 10)
    assert treated_parts(square)[0].equals(square)


@pytest.fixture
def officer(success: Store, signed_in) -> Iterator[FlaskClient]:
    with time_machine.travel(NOW):
        yield signed_in("officer")


def test_the_page_says_it_and_gives_the_picture(success: Store, officer: FlaskClient) -> None:
    address = f"/officer/effects/intervention/{intervene(success)}"
    page = officer.get(address).text
    assert "Fewer: from 40 to 10 incidents" in page
    assert "The figures support this" in page
    picture = officer.get(f"{address}/good-news.png")
    assert picture.mimetype == "image/png"
    assert Image.open(io.BytesIO(picture.data)).size == (1200, 630)


def test_the_picture_is_refused_where_the_figures_do_not_support_it(
    success: Store, officer: FlaskClient
) -> None:
    address = f"/officer/effects/intervention/{intervene(success, at=OTHERS[0])}"
    assert "Nothing to announce" in officer.get(address).text
    answer = officer.get(f"{address}/good-news.png")
    assert answer.status_code == 409
    assert "do not show a fall" in answer.text


def test_the_charts_title_says_the_counts(success: Store, officer: FlaskClient) -> None:
    page = Page.of(officer.get(f"/officer/effects/intervention/{intervene(success)}"))
    assert page.headings.count(
        "The target area went from 40 to 10 incidents, "
        "where 40 were to be expected had nothing been done"  # 40 × 40 / 40
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [("months=40", "choose 1 to 12"), ("ring=5", "choose 50 to 1,000"), ("outcome=x", "cannot be")],
)
def test_a_question_out_of_its_limits_is_answered_in_words(
    success: Store, officer: FlaskClient, query: str, words: str
) -> None:
    answer = officer.get(f"/officer/effects/intervention/{intervene(success)}?{query}")
    assert answer.status_code == 400
    assert words in answer.text
    assert officer.get("/officer/effects/intervention/999").status_code == 404


def test_days_before_the_record_are_not_counted_as_none(
    council: Store, signed_in: Callable[[str], FlaskClient]
) -> None:
    """9 dumps "before" and 94 "after" are no rise where the record begins in between."""
    evenings = [datetime(2020, 12, 2, 20, tzinfo=UTC) + timedelta(days=4 * n) for n in range(500)]
    store_incidents(council, [(*TARGET, evenings)], now=NOW, state="cleared")
    key = intervene(council, valid_from=date(2021, 1, 10))
    with pytest.raises(RefusedError, match="the record begins on 2 December 2020"):
        effect_of(council, key)
    with time_machine.travel(NOW):
        page = signed_in("officer").get(f"/officer/effects/intervention/{key}").text
    assert "Nothing can be said: the record begins on 2 December 2020" in page
    assert "p-value" not in page


def test_days_after_the_record_are_not_counted_as_none(council: Store) -> None:
    evenings = [datetime(2023, 7, 1, 20, tzinfo=UTC) + timedelta(days=4 * n) for n in range(200)]
    store_incidents(council, [(*TARGET, evenings)], now=NOW, state="cleared")
    with pytest.raises(RefusedError, match="the record ends on 4 September 2025"):
        effect_of(council, intervene(council))


def test_an_extension_of_an_order_is_not_judged_as_if_it_were_new(success: Store) -> None:
    area = shapely.MultiPolygon([shapely.Point(TARGET).buffer(100)])
    days = ((START - timedelta(days=1_096), START - timedelta(days=1)), (START, None))
    with success.writing() as session:
        order = Order(name="Town centre")
        for number, (first, last) in enumerate(days, 1):
            version = OrderVersion(
                number=number,
                change="made" if number == 1 else "extended",
                geometry=area,
                valid_from=first,
                valid_to=last,
            )
            order.versions.append(version)
        session.add(order)
        session.flush()
        made, extended = (version.id for version in order.versions)
    with (
        success.reading() as session,
        pytest.raises(RefusedError, match="it began on 1 July 2022"),
    ):
        report_effect(session, "order", extended, EffectQuestion(), today=TODAY)
    with success.reading() as session, pytest.raises(RefusedError, match="record begins"):
        report_effect(session, "order", made, EffectQuestion(), today=TODAY)
