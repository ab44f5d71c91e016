"""Keys of other systems: shown once, kept as a hash, ended by a button, each in the audit."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from geodata.accounts import api_keys
from geodata.clearances import contracts
from geodata.clearances.contracts import Terms
from geodata.core.errors import RefusedError
from geodata.core.tokens import token_hash
from geodata.core.vocabulary import Scope
from geodata.models import ApiKey
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.page import Page
from web.services.api import keys
from web.services.api.keys import KeyTerms

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)
LAST_DAY = date(2027, 3, 31)
FORM = {
    "name": "FixMyStreet",
    "scopes": ["reports:write", "read:public"],
    "last_day": (datetime.now(UTC) + timedelta(days=90)).strftime("%d/%m/%Y"),
    "per_minute": "30",
    "contractor": "",
}


def _made(client) -> str:
    page = Page.of(client.post("/admin/api-keys/new", data=FORM))
    return re.findall(r"hotspots_[\w-]{43}", page.text)[0]


def test_key_is_shown_once_and_kept_as_a_hash(signed_in: SignIn, council: Store) -> None:
    client = signed_in("manager")
    token = _made(client)
    assert token not in client.get("/admin/api-keys").text
    with council.reading() as session:
        row = session.scalars(select(ApiKey)).one()
        assert row.token_hash == token_hash(token)
        stored = session.execute(text("SELECT * FROM api_key")).one()
        assert token not in " ".join(map(str, stored))
        assert row.scopes == ["read:public", "reports:write"]


def test_who_disables_an_account_hears_of_the_keys_that_it_made(
    signed_in: SignIn, council: Store
) -> None:
    """A leaver may have kept one: it was shown to them, and works until it is revoked."""
    _made(signed_in("manager"))
    with council.reading() as session:
        key = session.scalars(select(ApiKey.created_by_id)).one()
    admin, words = signed_in("admin"), "Keys that it made still work: FixMyStreet."
    assert words in admin.post(f"/admin/accounts/{key}/disable", follow_redirects=True).text
    keys_page = Page.of(admin.get("/admin/api-keys"))
    admin.post(next(act for act in keys_page.actions if act.endswith("/revoke")))
    again = admin.post(f"/admin/accounts/{key}/disable", follow_redirects=True).text
    assert "is disabled" in again
    assert "still work" not in again


def test_making_and_revoking_a_key_is_in_the_audit_without_the_key(
    signed_in: SignIn, council: Store
) -> None:
    client = signed_in("admin")
    token = _made(client)
    page = Page.of(client.get("/admin/api-keys"))
    assert page.tags == ["In use"]
    client.post(next(act for act in page.actions if act.endswith("/revoke")))
    assert Page.of(client.get("/admin/api-keys")).tags == ["Revoked"]
    with council.reading() as session:
        entries = [entry for entry, _ in audit.entries(session, "api_key")]
        assert [entry.act for entry in entries] == ["revoke", "create"]
        assert token not in str([entry.after for entry in entries])
        holder = api_keys.find(session, token)
    assert holder is not None
    assert holder.is_over(datetime.now(UTC))


@pytest.mark.parametrize("role", ["officer", "partner", "contractor"])
def test_others_make_no_keys(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    assert client.get("/admin/api-keys").status_code == 403
    assert client.post("/admin/api-keys/new", data=FORM).status_code == 403


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"scopes": []}, "Choose what the key is for"),
        ({"name": ""}, "Name the system"),
        ({"per_minute": "0"}, "1 to 6000"),
        ({"last_day": "01/01/2020"}, "choose one from today"),
        ({"last_day": "01/01/2099"}, "choose one from today"),
    ],
)
def test_key_that_must_not_be_is_refused_at_its_field(
    signed_in: SignIn, council: Store, changed: dict[str, object], message: str
) -> None:
    answer = signed_in("manager").post("/admin/api-keys/new", data=FORM | changed)
    assert answer.status_code == 400
    assert any(message in error for error in Page.of(answer).errors.values())
    with council.reading() as session:
        assert not api_keys.every(session)


def test_key_for_jobs_names_a_contract_where_there_are_some(council: Store) -> None:
    with council.writing() as session:
        contracts.add(session, Terms("Firm A", date(2026, 1, 1), None, "Tender"))
        terms = KeyTerms("Jobs", [Scope.JOBS_READ], LAST_DAY, "Firm B")
        with pytest.raises(RefusedError, match=r"Firm B holds no contract today.*Firm A"):
            keys.make(session, Actor(None, NOW), terms)
        made = KeyTerms("Jobs", [Scope.JOBS_READ], LAST_DAY, "Firm A")
        assert keys.make(session, Actor(None, NOW), made)[1].contractor == "Firm A"


def test_key_holds_to_the_end_of_its_last_day_in_london(council: Store) -> None:
    with council.writing() as session:
        terms = KeyTerms("Open data", [Scope.READ_PUBLIC], LAST_DAY)
        _, holder = keys.make(session, Actor(None, NOW), terms)
    # Summer time began on 28 March 2027: midnight in London is 23:00 UTC.
    assert not holder.is_over(datetime(2027, 3, 31, 22, 59, tzinfo=UTC))
    assert holder.is_over(datetime(2027, 3, 31, 23, 0, tzinfo=UTC))
