"""OpenID Connect: the code flow with state, nonce and PKCE (OpenID Connect Core 1.0; RFC 7636).

``authlib`` is an extra (``pip install 'canister-hotspots[sso]'``) and loaded only where single
sign-on is set up. All of this is network: never inside a transaction.
"""

import base64
import hashlib
import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from web.services.common import outgoing

log = logging.getLogger(__name__)
TIMEOUT_S = 10
LEEWAY_S = 120
"""By how much the provider's clock may differ from ours."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by a key pair alone: "none" and shared keys are refused."""
LONGEST_SUBJECT = 255
"""Letters (OpenID Connect Core 1.0, 8)."""
DISCOVERY = "/.well-known/openid-configuration"


class ProviderError(Exception):
    """The provider did not vouch for somebody; the message is fit for whoever signs in."""


@dataclass(frozen=True)
class Provider:
    """Where the council's people sign in, and who we are there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    other_hosts: frozenset[str] = frozenset()
    """Whom the provider asks to ask besides its issuer's own host."""

    @property
    def hosts(self) -> frozenset[str]:
        """All machines that single sign-on may lead this program to."""
        return self.other_hosts | {outgoing.host_of(self.issuer)}


@dataclass(frozen=True)
class Question:
    """What the browser carries until the provider's answer: it must come back to the same one."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    name: str
    email: str
    is_email_verified: bool
    groups: frozenset[str]


def new_question() -> Question:
    """Three random values, each for one sign-in."""
    return Question(*(secrets.token_urlsafe(32) for _ in range(3)))


def address_to_ask(provider: Provider, question: Question, redirect_uri: str) -> str:
    """The provider's page that the browser goes to.

    Raises
    ------
    ProviderError
        The provider does not answer, or its description is not of the issuer that is set.
    """
    metadata = _metadata(provider)
    challenge = hashlib.sha256(question.verifier.encode()).digest()
    with _client(provider, redirect_uri) as client:
        address, _ = client.create_authorization_url(
            metadata["authorization_endpoint"],
            state=question.state,
            nonce=question.nonce,
            code_challenge=base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            code_challenge_method="S256",
        )
    return str(address)


def identity_of(
    provider: Provider, question: Question, code: str, redirect_uri: str, group_claim: str
) -> Identity:
    """Whom the provider vouches for with a code.

    Raises
    ------
    ProviderError
        The provider does not answer, takes the code for no good one, or its token is not signed,
        not for us, not for this sign-in, or not of this time.
    """
    metadata = _metadata(provider)
    with _plain_faults(), _client(provider, redirect_uri) as client:
        token = client.fetch_token(
            metadata["token_endpoint"], code=code, code_verifier=question.verifier
        )
    if not isinstance(token.get("id_token"), str):
        raise ProviderError("Your council's sign-in service sent no identity. Try again.")
    claims = _claims(provider, question, token, _json(provider, metadata["jwks_uri"]))
    return _identity(provider, claims, group_claim)


def sign_out_address(provider: Provider, back_to: str) -> str | None:
    """Where one signs out at the provider too; None where it has no such page."""
    from authlib.common.urls import add_params_to_uri

    address = _metadata(provider).get("end_session_endpoint")
    wanted = {"client_id": provider.client_id, "post_logout_redirect_uri": back_to}
    return str(add_params_to_uri(address, wanted)) if address else None


def _claims(
    provider: Provider, question: Question, token: Mapping[str, Any], keys: Any
) -> Mapping[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    with _plain_faults():
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        decoded = jwt.decode(token["id_token"], KeySet.import_key_set(keys), registry=registry)
        options = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": question.nonce},
        }
        known = {"nonce": question.nonce, "client_id": provider.client_id}
        if "access_token" in token:
            known["access_token"] = token["access_token"]
        claims = CodeIDToken(decoded.claims, decoded.header, options, known)
        claims.validate(leeway=LEEWAY_S)
    valid_claims: Mapping[str, Any] = claims
    return valid_claims


def _identity(provider: Provider, claims: Mapping[str, Any], group_claim: str) -> Identity:
    subject = claims["sub"]
    # Cut short or written otherwise, it could be somebody else's.
    if not (
        isinstance(subject, str) and subject.isprintable() and 0 < len(subject) <= LONGEST_SUBJECT
    ):
        raise ProviderError("Your council's sign-in service sent no identity that we can keep.")
    name = claims.get("preferred_username") or claims.get("email") or subject
    return Identity(
        provider.issuer,
        subject,
        str(name),
        _address(claims.get("email")),
        claims.get("email_verified") is True,
        _groups(claims.get(group_claim)),
    )


def _address(claim: object) -> str:
    return claim if isinstance(claim, str) and claim.isprintable() else ""


def _groups(claim: object) -> frozenset[str]:
    """One as a text, or several as a list; whatever else the claim holds names none."""
    listed = claim if isinstance(claim, list) else [claim]
    return frozenset(group for group in listed if isinstance(group, str))


def _metadata(provider: Provider) -> dict[str, Any]:
    document = _json(provider, provider.issuer.rstrip("/") + DISCOVERY)
    if document.get("issuer") != provider.issuer:
        raise ProviderError(
            f"The sign-in service calls itself {document.get('issuer')!r}, not "
            f"{provider.issuer!r}. Tell the person who runs this site."
        )
    needed = {"authorization_endpoint", "token_endpoint", "jwks_uri"}
    if not needed <= set(document):
        raise ProviderError("The sign-in service does not say where to ask. Try again later.")
    return document


def _json(provider: Provider, address: str) -> dict[str, Any]:
    with _plain_faults(), outgoing.to_web(provider.hosts) as session:
        answer = session.get(address, timeout=TIMEOUT_S)
        answer.raise_for_status()
        document = answer.json()
    if not isinstance(document, dict):
        raise ProviderError("Your council's sign-in service sent something unreadable.")
    return document


def _client(provider: Provider, redirect_uri: str) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    client = OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        scope="openid email profile",
        redirect_uri=redirect_uri,
        default_timeout=TIMEOUT_S,
        token_endpoint_auth_method="client_secret_basic" if provider.client_secret else "none",
    )
    return outgoing.bound(client, provider.hosts)


@contextmanager
def _plain_faults() -> Iterator[None]:
    """What goes wrong on the way, in words for whoever signs in."""
    import requests
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError

    try:
        yield
    except requests.RequestException as error:
        raise ProviderError(
            "Your council's sign-in service does not answer. Try again in a few minutes."
        ) from error
    except outgoing.RefusedHostError as error:
        log.warning("single sign-on: %s", error)
        raise ProviderError(
            "Your council's sign-in service sends us to another machine. Tell the person who runs "
            "this site."
        ) from error
    except (ExpiredTokenError, InvalidClaimError) as error:
        raise ProviderError(_of_claim(error)) from error
    except (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError) as error:
        raise ProviderError(
            "Your council's sign-in service did not confirm who you are. Begin again."
        ) from error


def _of_claim(error: Exception) -> str:
    if getattr(error, "claim", "") in {"exp", "iat", "nbf"} or "expired" in type(error).__name__:
        return (
            "The clocks of this site and of your council's sign-in service differ too much. "
            "Tell the person who runs this site."
        )
    return "The answer of your council's sign-in service was for another sign-in. Begin again."
