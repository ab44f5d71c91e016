"""``hotspots systems``: who is called, what is wrong, and another secret for who asks for one."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from geodata.core.vocabulary import SystemKind
from geodata.models import AuditEntry
from geodata.people import systems as stored
from geodata.people.audit import Actor
from geodata.people.systems import System
from geodata.store.engine import Store
from web.cli import hotspots
from web.services.exchange import systems as use_cases
from web.services.exchange.systems import SystemTerms

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOOK = "https://jobs.example.com/hooks/7b1f-token"
FAULT = "jobs.example.com did not answer within 15 seconds"


@pytest.fixture
def jobs(geopackage: Store, monkeypatch: pytest.MonkeyPatch) -> System:
    url = geopackage.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    terms = SystemTerms("Whitespace", SystemKind.JOBS, HOOK)
    with geopackage.writing() as session:
        return use_cases.add(session, Actor(None, NOW), terms, private_hosts=())


def run(*words: str) -> Result:
    return CliRunner().invoke(hotspots, ["systems", *words])


def test_list_names_host_and_trouble_and_no_secret(geopackage: Store, jobs: System) -> None:
    assert run("list").output == f"{jobs.id} Whitespace: jobs at jobs.example.com, on\n"
    waits = (timedelta(hours=1),)
    with geopackage.writing() as session:
        stored.note_failure(session, jobs.id, FAULT, now=NOW, waits=waits)
    listed = run("list").output
    assert f"it has taken nothing since {NOW.isoformat()}: {FAULT}" in listed
    (row,) = json.loads(run("list", "--json").output)
    assert (row["id"], row["host"], row["push_problem"]) == (jobs.id, "jobs.example.com", FAULT)
    for output in (listed, json.dumps(row)):
        assert jobs.secret not in output
        assert "7b1f-token" not in output  # the address's path may be a secret too


def test_new_secret_is_printed_once_and_noted_without_it(geopackage: Store, jobs: System) -> None:
    done = run("new-secret", str(jobs.id), "--days", "14")
    assert done.exit_code == 0, done.output
    secret = done.stdout.strip()
    with geopackage.reading() as session:
        (now,) = stored.every(session)
        notes = session.scalars(select(AuditEntry)).all()
    assert (now.secret, now.secret == jobs.secret) == (secret, False)
    assert (
        f"The old secret of Whitespace is good until {now.old_secret_ends_at:%Y-%m-%d}"
        in done.stderr
    )
    left = now.old_secret_ends_at - datetime.now(UTC)
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)
    assert not any(secret in f"{note.before}{note.after}" for note in notes)
    assert (
        f"its old secret is good until {now.old_secret_ends_at.isoformat()}" in run("list").output
    )
    assert "has ended" in run("new-secret", str(jobs.id), "--days", "0").stderr


def test_what_cannot_be_is_refused_and_changes_nothing(geopackage: Store, jobs: System) -> None:
    for words in (
        ("99",),
        (str(jobs.id), "--days", "-1"),
        (str(jobs.id), "--days", "9999"),
        ("x",),
    ):
        done = run("new-secret", *words)
        assert done.exit_code != 0, words
        assert done.stdout == ""
    with geopackage.reading() as session:
        assert [each.secret for each in stored.every(session)] == [jobs.secret]
