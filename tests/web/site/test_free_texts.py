"""Whoever writes freely is stopped where the words name somebody; no form is left out."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import StringField, TextAreaField
from wtforms.fields.core import UnboundField

from geodata.models import Report
from geodata.store.engine import Store
from tests.web import reporting
from tests.web.reporting import answer, begin
from web.forms.impersonal import Impersonal

FREE = {"note", "reason", "description", "landmark", "text", "purpose", "no_photo_reason"}
CHECKED_ELSEWHERE = {
    # taken out when it is stored: an entry from a telephone is not refused for a word
    "web.contractor.forms.OutcomeForm": "geodata clears it in clearing.record",
    # refused by the data function, which imports call as well
    "web.hotspot_desk.": "geodata.detections.hotspot_records, geodata.posters.interventions",
    "web.posters.": "geodata.posters",
    "web.enforcement.": "web.services.enforcement.refuse_personal_data",
    "web.patrols.forms.": "web.services.patrols.patrol_wish_places",
    # the council's own words about itself: contacts, sources of rules, decisions
    "web.admin.": "an admin's entry, who may name an office holder",
}


def _forms() -> Iterator[type[FlaskForm]]:
    waiting = [FlaskForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.startswith("web."):
                yield form


def _free_fields(form: type[FlaskForm]) -> Iterator[tuple[str, UnboundField]]:
    for name in dir(form):
        field = getattr(form, name)
        is_field = isinstance(field, UnboundField)
        if is_field and issubclass(field.field_class, (StringField, TextAreaField)):
            is_long = issubclass(field.field_class, TextAreaField)
            if is_long or name in FREE:
                yield name, field


def _is_checked(field: UnboundField) -> bool:
    return any(isinstance(check, Impersonal) for check in field.kwargs.get("validators", ()))


def test_every_free_text_of_every_form_is_checked(app: Flask) -> None:
    unchecked = [
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in _forms()
        for name, field in _free_fields(form)
        if not _is_checked(field)
    ]
    assert [
        path for path in unchecked if not any(path.startswith(known) for known in CHECKED_ELSEWHERE)
    ] == []


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("Sarah Jones from Temple Hill", "Sarah Jones"),
        ("She lives at 4 High Street", "4 High Street"),
    ],
)
def test_the_public_is_stopped_with_a_plain_sentence_and_keeps_the_text(
    client: FlaskClient, text: str, piece: str
) -> None:
    key = begin(client)
    refused = client.get(answer(client, key, "more", description=text, email="").location)
    assert f"Take out \u201c{piece}" in refused.text or f"{piece}\u201d: it may say" in refused.text
    assert text in refused.text


def test_who_was_stopped_for_a_word_that_is_no_name_says_so_and_goes_on(
    client: FlaskClient, council: Store
) -> None:
    text = "Moored beside the boat Rebecca"
    key = begin(client)
    assert answer(client, key, "more", description=text, email="").location.endswith("/more")
    form = {"description": text, "email": "", "is_nobody": "y"}
    reporting.report(client, more=form)
    with council.reading() as session:
        assert session.scalars(select(Report.description)).all() == [text]


def test_the_box_lets_no_telephone_number_through(client: FlaskClient) -> None:
    key = begin(client)
    form = {"description": "ring 07700 900123", "email": "", "is_nobody": "y"}
    assert answer(client, key, "more", **form).location.endswith("/more")
