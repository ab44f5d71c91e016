"""After Save the next stop of the round comes, as the round had it; on both stores."""

import pytest
from flask.testing import FlaskClient

from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.contractor.test_contractor import _at_noon, tell  # noqa: F401
from tests.web.page import Page

pytestmark = pytest.mark.usefixtures("_at_noon")
NOT_FOUND = {"outcome": "not_found"}


@pytest.fixture
def crew(signed_in: SignIn) -> FlaskClient:
    return signed_in("contractor")


@pytest.fixture
def stops(council: Store) -> list[str]:
    """References of four jobs, of which the last is the most urgent."""
    return [tell(council, 200 * n, 1 + n) for n in range(4)]


def test_each_stop_of_the_round_leads_to_those_after_it(
    crew: FlaskClient, stops: list[str]
) -> None:
    page_links = Page.of(crew.get("/contractor/round")).links
    links = [link.href for link in page_links if "/jobs/" in link.href]
    planned = [link.split("/jobs/")[1].split("?")[0] for link in links]
    assert sorted(planned) == sorted(stops)
    for number, link in enumerate(links):
        after = link.partition("?then=")[2]
        assert [key for key in after.split(".") if key] == planned[number + 1 :]


def test_a_saved_stop_leads_to_the_next_of_the_round_and_not_to_the_most_urgent(
    crew: FlaskClient, stops: list[str]
) -> None:
    first, second, third, _ = stops
    form = Page.of(crew.get(f"/contractor/jobs/{first}?then={second}.{third}"))
    data = NOT_FOUND | {"then": form.value("then")}
    page = Page.of(crew.post(f"/contractor/jobs/{first}", data=data, follow_redirects=True))
    assert second in page.title
    assert f"{first} is saved." in page.text
    assert page.value("then") == third


def test_a_stop_that_was_done_meanwhile_is_passed_over(crew: FlaskClient, stops: list[str]) -> None:
    first, second, third, _ = stops
    crew.post(f"/contractor/jobs/{second}", data=NOT_FOUND)
    data = NOT_FOUND | {"then": f"{second}.NOSUCH.{third}"}
    page = Page.of(crew.post(f"/contractor/jobs/{first}", data=data, follow_redirects=True))
    assert third in page.title


def test_the_last_stop_ends_the_round(crew: FlaskClient, stops: list[str]) -> None:
    first, second, *_ = stops
    crew.post(f"/contractor/jobs/{second}", data=NOT_FOUND)
    data = NOT_FOUND | {"then": second}
    page = Page.of(crew.post(f"/contractor/jobs/{first}", data=data, follow_redirects=True))
    assert "That was the last stop of your round. 2 jobs left." in page.text


def test_a_made_up_reference_is_not_said_to_be_saved(crew: FlaskClient, stops: list[str]) -> None:
    page = Page.of(crew.get(f"/contractor/jobs/{stops[0]}?saved=NOSUCH"))
    assert "is saved" not in page.text
