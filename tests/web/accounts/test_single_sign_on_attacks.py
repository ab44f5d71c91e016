"""Single sign-on where the provider is good and what it says is not: claims of every shape."""

from datetime import UTC, datetime
from typing import Any

import pytest

from geodata.accounts import users
from geodata.core.vocabulary import Role
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.accounts.test_single_sign_on import GOOD, received, token_of
from tests.web.conftest import PASSWORD
from web.services.accounts import single_sign_on
from web.services.accounts.identity_provider import Identity, ProviderError
from web.services.accounts.single_sign_on import Admission, NotAdmittedError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ADMISSION = Admission({"Officers": Role.OFFICER}, creates_accounts=True, matches_email=True)


@pytest.mark.parametrize(
    ("claim", "groups"),
    [
        ("Officers", ["Officers"]),
        (["Parking", "Officers", "Parking"], ["Officers", "Parking"]),
        ([["Officers"], {"Officers": 1}, None, 7, True], []),
        ({"Officers": True}, []),
        (7, []),
        (True, []),
        (None, []),
        ([], []),
    ],
    ids=repr,
)
def test_groups_are_texts_in_a_list_or_one_text(
    monkeypatch: pytest.MonkeyPatch, claim: Any, groups: list[str]
) -> None:
    assert sorted(received(monkeypatch, token_of(GOOD | {"groups": claim})).groups) == groups


def test_thousands_of_groups_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"group {number}" for number in range(5_000)] + ["Officers"]
    assert "Officers" in received(monkeypatch, token_of(GOOD | {"groups": many})).groups


@pytest.mark.parametrize(
    "subject",
    ["a" * 256, "", "a\x00n", 7, ["ann"], {"sub": "ann"}, True],
    ids=lambda each: repr(each)[:20],
)
def test_a_subject_that_could_be_somebody_elses_is_refused(
    monkeypatch: pytest.MonkeyPatch, subject: Any
) -> None:
    with pytest.raises(ProviderError):
        received(monkeypatch, token_of(GOOD | {"sub": subject}))


def test_two_long_subjects_stay_two(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = ("a" * 254 + end for end in "xy")
    kept = {received(monkeypatch, token_of(GOOD | {"sub": each})).subject for each in (one, other)}
    assert kept == {one, other}


def test_two_audiences_without_an_authorised_party_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ProviderError):  # OpenID Connect Core 1.0, 3.1.3.7, step 4
        received(monkeypatch, token_of(GOOD | {"aud": ["canisters", "another site"]}))


@pytest.mark.parametrize("verified", ["true", 1, "yes", None, [True]], ids=repr)
def test_an_address_is_verified_only_where_the_claim_is_true_itself(
    monkeypatch: pytest.MonkeyPatch, verified: Any
) -> None:
    claims = GOOD | {"email": "jo@example.org", "email_verified": verified}
    assert not received(monkeypatch, token_of(claims)).is_email_verified


def identity(**changed: Any) -> Identity:
    given = {
        "issuer": "https://id.example",
        "subject": "ann",
        "name": "ann.lee",
        "email": "jo@example.org",
        "is_email_verified": True,
        "groups": frozenset({"Officers"}),
    }
    return Identity(**given | changed)


def enter(store: Store, who: Identity) -> str:
    """The name that somebody is let in by."""
    with store.writing() as session:
        return single_sign_on.sign_in(session, who, ADMISSION, "a browser", now=NOW).account.name


def add(store: Store, name: str, **options: Any) -> int:
    with store.writing() as session:
        added = users.add(session, name, hashed(PASSWORD), "officer", now=NOW, **options)
        return added.id


def test_another_issuer_or_subject_is_another_person(council: Store) -> None:
    assert enter(council, identity(email="")) == "ann.lee"
    for other in ({"issuer": "https://id.example.evil"}, {"subject": "Ann"}, {"subject": "ann "}):
        with pytest.raises(NotAdmittedError, match="there is a user"):
            enter(council, identity(email="", **other))


def test_a_disabled_account_is_neither_matched_nor_replaced(council: Store) -> None:
    key = add(council, "ann.lee", email="jo@example.org")
    with council.writing() as session:
        users.set_active(session, key, is_active=False)
    with pytest.raises(NotAdmittedError, match="there is a user"):
        enter(council, identity())
    with council.reading() as session:
        assert not users.get(session, key).is_linked


def test_an_address_of_two_accounts_leads_to_neither(council: Store) -> None:
    keys = [add(council, name, email="jo@example.org") for name in ("jo", "jo2")]
    assert enter(council, identity()) == "ann.lee"
    with council.reading() as session:
        assert [users.get(session, key).is_linked for key in keys] == [False, False]


def test_an_account_that_is_linked_is_not_linked_to_a_second_person(council: Store) -> None:
    add(council, "jo", email="jo@example.org")
    assert enter(council, identity()) == "jo"
    assert enter(council, identity(subject="mallory", name="mallory")) == "mallory"
    assert enter(council, identity()) == "jo"


@pytest.mark.parametrize(
    "name", ["x" * 5_000, "", " \t ", "a\x00b", "ann\u202e"], ids=lambda n: n[:3]
)
def test_a_name_that_no_account_can_have_is_refused_in_words(council: Store, name: str) -> None:
    with pytest.raises(NotAdmittedError, match="No account can be made for you"):
        enter(council, identity(email="", name=name))
    with council.reading() as session:
        assert users.every(session) == []
