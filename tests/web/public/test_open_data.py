"""What the public's outlets say of themselves to programs, search engines and proxies."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from PIL import Image

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.store import releases, settings
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from web.services.publishing import open_data
from web.services.publishing.figure_files import as_csv
from web.services.publishing.open_data import Dataset, FieldWords, Publisher
from web.services.publishing.public_figures import PublicFigures, WardFigures, YearFigures

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
KEPT = (
    "/",
    "/wards.geojson",
    "/figures.csv",
    "/figures.json",
    "/feed.atom",
    "/sitemap.xml",
    "/open-data/",
    "/open-data/datapackage.json",
    "/enforcement-activity",
    "/enforcement-activity.csv",
    "/preview.png",
)
BY_RELEASE = ("/", "/figures.csv", "/figures.json", "/feed.atom", "/enforcement-activity")


def _release(store: Store, month: int) -> None:
    cells = {"reported": 12, "due": 11, "cleared": 10, "in_time": 10}
    with store.writing() as session:
        releases.add(
            session,
            releases.MONTH,
            f"2026-{month:02}",
            first_day=date(2026, month, 1),
            last_day=date(2026, month, 28),
            cells=cells,
            now=NOW,
        )


def _tags(client: FlaskClient) -> dict[str, str]:
    return {address: client.get(address).headers["ETag"] for address in KEPT}


def test_reader_gets_a_public_answer_once_until_a_release(
    client: FlaskClient, council: Store
) -> None:
    _release(council, 9)
    tags = _tags(client)
    for address, tag in tags.items():
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), address
        assert again.headers["ETag"] == tag
    _release(council, 10)
    for address in BY_RELEASE:
        changed = client.get(address, headers={"If-None-Match": tags[address]})
        assert changed.status_code == 200, address
    with council.writing() as session:
        settings.write(session, settings.COUNCIL_NAME, "Newford")
    assert "Newford" in client.get("/", headers={"If-None-Match": tags["/"]}).text


def test_map_of_wards_changes_with_their_borders(client: FlaskClient, council: Store) -> None:
    tag = client.get("/wards.geojson").headers["ETag"]
    with council.writing() as session:
        west = places.borough(session)
        places.add(session, PlaceKind.WARD, "North", west.buffer(-100))
    assert client.get("/wards.geojson", headers={"If-None-Match": tag}).status_code == 200


def test_tag_of_another_reader_lets_nobody_see_a_page_of_somebody_signed_in(
    client: FlaskClient, signed_in: SignIn
) -> None:
    tag = client.get("/").headers["ETag"]
    answer = signed_in("officer").get("/", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_data_package_describes_the_files_that_it_leads_to(
    client: FlaskClient, council: Store
) -> None:
    _release(council, 9)
    package = client.get("/open-data/datapackage.json").json
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    assert len(package["resources"]) == 2
    for resource in package["resources"]:
        head = next(csv.reader(io.StringIO(client.get(resource["path"]).text)))
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert fields == head
        assert set(resource["schema"]["primaryKey"]) <= set(fields)
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_catalogue_names_every_dataset_its_licence_and_its_files(client: FlaskClient) -> None:
    answer = client.get("/open-data/catalogue.jsonld")
    assert answer.mimetype == "application/ld+json"
    assert answer.json["@type"] == "dcat:Catalog"
    prefixes = {name.partition(":")[0] for name in _names(answer.json)} - {"@id", "@type"}
    assert prefixes <= {"@context", "@value", "@language", *answer.json["@context"]}
    for dataset in answer.json["dcat:dataset"]:
        assert {"dct:title", "dct:description", "dct:publisher", "dct:license"} <= set(dataset)
        for each in dataset["dcat:distribution"]:
            assert client.get(each["dcat:downloadURL"]["@id"]).status_code == 200


def _names(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            yield from _names(value)
    elif isinstance(node, list):
        for each in node:
            yield from _names(each)


def test_nothing_released_has_no_date() -> None:
    dataset = Dataset("a", "A", "A.", (FieldWords("x", "date", "X"),), ("x",), {"text/csv": "/a"})
    publisher = Publisher("Testford", "https://example.org/open-data/", None)
    assert "created" not in open_data.data_package(publisher, [dataset])
    assert "dct:modified" not in open_data.catalogue(publisher, [dataset])


def test_ward_whose_name_is_a_formula_is_shown_in_the_csv() -> None:
    ward = WardFigures('=HYPERLINK("x")', 12, None)
    figures = PublicFigures([], [YearFigures("2025", date(2025, 12, 31), NOW, [ward])])
    assert next(csv.DictReader(io.StringIO(as_csv(figures))))["area"] == '\'=HYPERLINK("x")'


def test_search_engines_find_every_public_page_and_no_report(client: FlaskClient) -> None:
    robots = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /track/" in robots
    (sitemap,) = (line.partition(": ")[2] for line in robots if line.startswith("Sitemap"))
    root = ElementTree.fromstring(client.get(sitemap).data)
    addresses = [page.findtext("{*}loc") or "" for page in root]
    assert len(addresses) == 9
    closed = [line.partition(": ")[2] for line in robots if line.startswith("Disallow")]
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200, address
        assert '<meta name="description" content="' in page.text, address
        assert f'<meta property="og:url" content="{address}">' in page.text
        assert not any(address.removeprefix("http://localhost").startswith(c) for c in closed)


def test_shared_page_shows_a_picture_of_the_council(client: FlaskClient) -> None:
    answer = client.get("/preview.png")
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("address", ["/sign-in", "/no-such-page"])
def test_other_pages_offer_nothing_to_share(client: FlaskClient, address: str) -> None:
    assert "og:title" not in client.get(address).text
