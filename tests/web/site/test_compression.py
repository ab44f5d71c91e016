"""Data of maps is compressed for who can read it so; pages, which hold tokens, are not."""

import gzip
import json

import pytest
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient

from web.server.compression import compress_data

SQUARES = {"features": [{"n": n} for n in range(500)]}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    compress_data(app)
    app.add_url_rule("/map", "map", lambda: jsonify(SQUARES))
    weak = {"ETag": 'W/"1"'}
    app.add_url_rule("/weak", "weak", lambda: (jsonify(SQUARES), weak))
    app.add_url_rule("/few", "few", lambda: jsonify([1]))
    app.add_url_rule("/page", "page", lambda: "<p>token</p>" * 500)
    app.add_url_rule("/lost", "lost", lambda: (jsonify(SQUARES), 404))
    tagged = {"ETag": '"1"'}
    body = json.dumps(SQUARES)
    app.add_url_rule(
        "/kept", "kept", lambda: Response(body, mimetype="application/json", headers=tagged)
    )
    return app.test_client()


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "*"])
def test_data_goes_out_compressed_and_says_so(client: FlaskClient, accepted: str) -> None:
    answer = client.get("/map", headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < 3_000
    assert json.loads(gzip.decompress(answer.data)) == SQUARES


@pytest.mark.parametrize("accepted", [None, "identity", "br", "gzip;q=0"])
def test_who_cannot_read_it_gets_it_as_it_is(client: FlaskClient, accepted: str | None) -> None:
    answer = client.get("/map", headers={"Accept-Encoding": accepted} if accepted else {})
    assert "Content-Encoding" not in answer.headers
    assert answer.json == SQUARES
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_weak_tag_stands_for_both_and_stays(client: FlaskClient) -> None:
    answer = client.get("/weak", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["ETag"] == 'W/"1"'
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("address", ["/few", "/page", "/lost", "/kept"])
def test_pages_small_refused_and_tagged_answers_stay_as_they_are(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
