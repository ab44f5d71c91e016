"""A refusal stands at its field, and what was written before it is undone."""

import pytest
from flask import Flask, g
from flask_wtf import FlaskForm
from wtforms import StringField

from geodata.core.errors import RefusedError
from geodata.store import settings
from geodata.store.engine import Store
from web.forms.refusals import accepted, refusal_at


class NameForm(FlaskForm):
    name = StringField()


def refuse(*_: object) -> None:
    raise RefusedError("the name 'Town' is taken: choose another")


def test_a_refusal_is_said_at_the_field_as_a_sentence(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = NameForm()
        with refusal_at(form.name):
            refuse()
        assert form.errors == {"name": ["The name 'Town' is taken: choose another"]}


def test_what_was_written_before_a_refusal_is_undone_and_the_rest_kept(
    app: Flask, council: Store
) -> None:
    with app.test_request_context(method="POST"):
        form = NameForm()
        with council.writing() as session:
            g.session = session
            settings.write(session, "before", 1)

            def change() -> None:
                settings.write(session, "half", 1)
                session.flush()
                refuse()

            assert not accepted(form, "name", change)
            g.pop("session")
    with council.reading() as session:
        assert settings.read(session, "before", None) == 1
        assert settings.read(session, "half", None) is None


def test_a_writer_that_has_ended_is_not_begun_again(app: Flask, council: Store) -> None:
    with app.test_request_context(method="POST"):
        with council.writing() as session:
            g.session = session
        with refusal_at(NameForm().name):
            refuse()
        assert not session.in_transaction()
        g.pop("session")


def test_a_change_that_is_not_refused_is_accepted(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = NameForm()
        assert accepted(form, "name", lambda: None)
        assert not form.errors


def test_other_faults_are_not_hidden(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = NameForm()
        with pytest.raises(ZeroDivisionError), refusal_at(form.name):
            _ = 1 / 0
