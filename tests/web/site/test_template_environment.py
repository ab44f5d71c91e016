"""Templates know the names that Jinja itself would give them."""

from flask import Flask
from flask.templating import Environment


def test_a_templates_names_are_those_of_jinja_and_its_own_come_first(app: Flask) -> None:
    ours = app.jinja_env
    for own in (None, {}, {"request": "its own"}):
        globals_, jinjas = ours.make_globals(own), Environment.make_globals(ours, own)
        assert dict(globals_) == dict(jinjas)
        assert globals_.keys() == set(jinjas)
    assert globals_["request"] == "its own"


def test_a_name_that_is_given_to_all_templates_later_is_known_to_those_that_are_there(
    app: Flask,
) -> None:
    later = app.jinja_env.overlay()
    later.globals = dict(later.globals)
    template = later.from_string("{{ hour }}")
    later.globals["hour"] = 5
    assert template.render() == "5"
