"""Which language a page comes in, and how a speaker approves it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata.models import AuditEntry, OutboxMessage, ReporterContact
from geodata.store import settings, translated_texts
from geodata.store.engine import Store
from tests.web import reporting
from tests.web.conftest import SignIn
from web.services.languages import catalogues, checking, offered, texts

POLISH = "Gdzie leżą pojemniki?"  # of the draft: where are the canisters?
START = "Zgłoś porzucone pojemniki"
MARK = "Translated by machine, not yet checked"
SOURCE = "Photo %(number)s"


@pytest.fixture
def polish(council: Store) -> Iterator[Store]:
    with council.writing() as session:
        settings.write(session, offered.SETTING, ["pl", "pa"])
    yield council
    catalogues._kept.clear()


def line_of(store: Store, source: str) -> checking.Line:
    with store.reading() as session:
        return next(each for each in checking.lines(session, "pl") if each.text.source == source)


def test_a_language_that_is_off_is_not_spoken(client: FlaskClient) -> None:
    page = client.get("/report?lang=pl", headers={"Accept-Language": "pl"})
    assert '<html lang="en"' in page.text
    assert not client.get_cookie("language")
    assert "hreflang" not in page.text


def test_the_address_wins_then_the_cookie_then_the_browser(
    polish: Store, client: FlaskClient
) -> None:
    by_browser = client.get("/report", headers={"Accept-Language": "de, pl;q=0.8, en;q=0.2"})
    assert by_browser.headers["Content-Language"] == "pl"
    assert START in by_browser.text
    assert {"Cookie", "Accept-Language"} <= set(by_browser.vary)
    assert 'hreflang="pa"' in by_browser.text
    english = client.get("/report?lang=en", headers={"Accept-Language": "pl"})
    assert english.headers["Content-Language"] == "en"
    assert client.get_cookie("language").value == "en"
    kept = client.get("/report", headers={"Accept-Language": "pl"})
    assert '<html lang="en"' in kept.text


def test_what_a_browser_keeps_of_one_language_is_not_shown_in_another(
    polish: Store, client: FlaskClient
) -> None:
    english = client.get("/")
    tag = english.headers["ETag"]
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 304
    other = client.get("/", headers={"If-None-Match": tag, "Accept-Language": "pl"})
    assert other.status_code == 200
    assert other.headers["ETag"] != tag


def test_pages_of_officers_stay_english(polish: Store, signed_in: SignIn) -> None:
    officer = signed_in("officer")
    officer.get("/report?lang=pl")
    assert '<html lang="en"' in officer.get("/officer/more").text
    assert '<html lang="pl"' in officer.get("/report").text


def test_a_draft_says_that_nobody_has_checked_it_until_a_speaker_has(
    polish: Store, client: FlaskClient
) -> None:
    assert MARK in client.get("/report?lang=pl").text
    with polish.writing() as session:
        for text in texts.every():
            translations = texts.drafts("pl").get(text.source, ("x",) * texts.forms("pl", text))
            translated_texts.add(
                session,
                "pl",
                text.source,
                translations,
                is_approved=True,
                by_link=False,
                user_id=None,
                now=datetime.now(UTC),
            )
    assert MARK not in client.get("/report").text
    assert MARK in client.get("/report?lang=pa").text


def test_an_english_text_that_changed_waits_to_be_approved_again(
    polish: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = line_of(polish, SOURCE)
    with polish.writing() as session:
        speaker = checking.Speaker(checking.Actor(None, datetime.now(UTC)))
        checking.take(session, speaker, "pl", line, line.texts, is_approved=True)
    assert line_of(polish, SOURCE).is_approved
    changed = replace(line.text, source="Picture %(number)s")
    rest = tuple(changed if text == line.text else text for text in texts.every())
    monkeypatch.setattr(checking, "every", lambda: rest)
    assert not line_of(polish, "Picture %(number)s").is_approved


def test_a_speaker_changes_and_approves_a_text_and_readers_see_it(
    polish: Store, signed_in: SignIn, client: FlaskClient
) -> None:
    officer, line = signed_in("officer"), line_of(polish, "Where are the canisters?")
    page = officer.get("/languages/pl?all=yes").text
    assert "Not approved" in page
    sent = {"key": line.key, f"{line.key}-0": "Gdzie są pojemniki?", f"{line.key}-ok": "yes"}
    assert officer.post("/languages/pl", data=sent).status_code == 302
    key = reporting.begin(client)
    assert "Gdzie są pojemniki?" in client.get(f"/report/{key}/place?lang=pl").text
    assert line_of(polish, "Where are the canisters?").is_approved
    with polish.reading() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.entity == checking.ENTITY))
        assert list(acts) == ["approve"]
    assert "Gdzie są pojemniki?" in officer.get("/languages/pl").text  # what changed last


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        ("Zdjęcie", "%(number)s is missing"),
        ("Zdjęcie %(number)s <script>", "&lt;script&gt; is not in the English"),
        ("Zdjęcie %(number)s 100 %", "% cannot stand alone"),
        ("", "there is nothing to approve"),
        ("Zdjęcie %(number)s, dzwoń 07700 900123", "personal data"),
    ],
)
def test_a_translation_that_would_break_a_page_is_refused_and_not_lost(
    polish: Store, signed_in: SignIn, translation: str, fault: str
) -> None:
    line = line_of(polish, SOURCE)
    sent = {"key": line.key, f"{line.key}-0": translation, f"{line.key}-ok": "yes"}
    refused = signed_in("officer").post("/languages/pl", data=sent)
    assert refused.status_code == 400
    assert fault.lower() in refused.text.lower()
    assert line_of(polish, SOURCE) == line


def test_a_link_lets_a_speaker_without_an_account_check_one_language_for_two_weeks(
    polish: Store, signed_in: SignIn, client: FlaskClient
) -> None:
    page = signed_in("manager").post("/languages/pl/link").text
    path = "/languages/link/" + re.search(r"/languages/link/([\w.-]+)", page)[1]
    line = line_of(polish, SOURCE)
    assert "Texts in Polish" in client.get(path).text
    sent = {"key": line.key, f"{line.key}-0": "Obraz %(number)s"}
    assert client.post(path, data=sent).status_code == 302
    entry = line_of(polish, SOURCE).entry
    assert entry is not None
    assert (entry.by, entry.by_link, entry.is_approved) == ("manager-1", True, False)
    assert client.get(path + "x").status_code == 404
    assert client.get("/languages/pl").status_code in {302, 401}
    with time_machine.travel(datetime.now(UTC) + timedelta(days=15)):
        assert client.get(path).status_code == 404


def test_a_manager_switches_languages_on_with_a_reason(
    council: Store, signed_in: SignIn, client: FlaskClient
) -> None:
    manager = signed_in("manager")
    assert manager.post("/languages", data={"codes": ["pl"], "reason": ""}).status_code == 400
    empty = manager.post("/languages", data={"codes": ["cy"], "reason": "Asked for"})
    assert "Welsh has no texts yet" in empty.text
    manager.post("/languages", data={"codes": ["pl"], "reason": "Asked for"})
    assert '<html lang="pl"' in client.get("/report?lang=pl").text
    assert signed_in("officer").get("/languages").status_code == 403


def test_mails_come_in_the_reporters_language_with_the_english_below_a_draft(
    polish: Store, client: FlaskClient
) -> None:
    client.get("/report?lang=pl")
    more = {"description": "", "email": "jo@example.org"}
    reference = reporting.report(client, more=more)
    with polish.reading() as session:
        assert session.scalars(select(ReporterContact.language)).all() == ["pl"]
        mail = session.scalars(select(OutboxMessage)).one()
    polish_text, english_text = mail.body.split("=" * 20)
    assert "Dziękujemy za zgłoszenie" in polish_text
    assert "Thank you for reporting dumped canisters." in english_text
    assert mail.subject.startswith(f"Mamy twoje zgłoszenie {reference}")


def test_a_language_that_pages_cannot_be_in_is_no_page(signed_in: SignIn) -> None:
    officer = signed_in("officer")
    assert officer.get("/languages/xx").status_code == 404
    assert officer.post("/languages/xx").status_code == 404
