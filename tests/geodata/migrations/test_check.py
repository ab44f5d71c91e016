"""The check of migrations says where they build something else than the models."""

import pytest
from sqlalchemy import Column, Integer, Table

from geodata.migrations.__main__ import check, main
from geodata.models import Base


@pytest.fixture
def table_without_migration():
    table = Table("whim", Base.metadata, Column("id", Integer, primary_key=True))
    yield
    Base.metadata.remove(table)


def test_migrations_build_what_the_models_say(capsys: pytest.CaptureFixture) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.postgis
def test_migrations_build_it_on_postgis_too(empty_postgis: str) -> None:
    assert check(empty_postgis) == []


def test_a_table_without_a_migration_fails_the_check(
    table_without_migration: None, capsys: pytest.CaptureFixture
) -> None:
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert "add_table" in out
    assert "whim" in out


@pytest.mark.postgis
def test_a_table_without_a_migration_fails_the_check_on_postgis_too(
    table_without_migration: None, empty_postgis: str
) -> None:
    assert [name for name, _ in check(empty_postgis)] == ["add_table"]


def test_a_database_that_holds_something_is_left_alone(geopackage) -> None:
    with pytest.raises(ValueError, match="name an empty database"):
        check(str(geopackage.engine.url))


@pytest.mark.parametrize("arguments", [[], ["revision"], ["check", "a", "b"], ["drift"]])
def test_another_command_is_answered_with_those_that_there_are(
    arguments: list[str], capsys: pytest.CaptureFixture
) -> None:
    assert main(arguments) == 2
    assert "check [EMPTY_DATABASE_URL]" in capsys.readouterr().err
