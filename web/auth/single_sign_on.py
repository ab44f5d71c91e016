"""Signing in at the council's own identity provider, and what comes back from there."""

from dataclasses import asdict
from hmac import compare_digest

from flask import current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from geodata.core.errors import RefusedError
from web.auth.addresses import own_address
from web.auth.blueprint import accounts
from web.auth.sign_in import device
from web.auth.signed_in import carry
from web.clock import utc_now
from web.config import Config, ConfigError
from web.database import close_session, commits
from web.errors import render
from web.extensions import limiter
from web.navigation import start_page
from web.services.accounts import identity_provider, single_sign_on
from web.services.accounts.identity_provider import Provider, ProviderError, Question
from web.services.accounts.signing_in import Begun
from web.services.accounts.single_sign_on import Admission, NotAdmittedError, read_roles

PATIENCE_S = 600
"""From the button to the provider's answer."""
ASKED = "sso"
REFUSED = "Your council's sign-in service refused. Try again, or ask your IT service."


@accounts.get("/sign-in/sso")
@limiter.limit("30 per minute")
def sso() -> ResponseReturnValue:
    """Lead to the provider."""
    config = _config()
    if not config.has_sso:
        return render(404)
    question = identity_provider.new_question()
    try:
        address = identity_provider.address_to_ask(_provider(config), question, _back(config))
    except ProviderError as error:
        return _refused(str(error), 503)
    session[ASKED] = asdict(question) | {
        "at": int(utc_now().timestamp()),
        "next": own_address(request.args.get("next")),
    }
    return redirect(address)


@accounts.get("/sign-in/sso/callback")
@limiter.limit("30 per minute")
def sso_callback() -> ResponseReturnValue:
    """What the provider says, through the browser that asked and no other."""
    config, question_sent = _config(), session.pop(ASKED, None)
    if not config.has_sso:
        return render(404)
    if not _is_answer(question_sent):
        return _refused("This sign-in took too long or began elsewhere. Begin again.", 400)
    if "error" in request.args or "code" not in request.args:
        return _refused(REFUSED, 403)
    close_session()
    try:
        begun = _begin(config, question_sent)
    except NotAdmittedError as error:
        return _refused(str(error), 403)
    except ProviderError as error:
        return _refused(str(error), 503)
    carry(begun)
    return redirect(own_address(question_sent["next"]) or start_page(begun.account.role))


@accounts.get("/signed-out")
def signed_out() -> ResponseReturnValue:
    """Signed out here; the provider's session goes on, and its page to end it is one link away.

    A link and no redirect: the content security policy lets forms lead to this site alone.
    """
    config = _config()
    if not config.has_sso:
        return render(404)
    try:
        provider = _provider(config)
        address = identity_provider.sign_out_address(provider, _site(config))
    except ProviderError:
        address = None
    return render_template("accounts/signed_out.html", address=address, name=config.sso_name)


def admission(config: Config) -> Admission:
    """Whom the settings let in.

    Raises
    ------
    ConfigError
        The roles of groups cannot be read, or ``authlib`` is not installed.
    """
    try:
        roles = read_roles(config.sso_roles)
    except RefusedError as error:
        raise ConfigError(f"sso_roles: {error}") from None
    return Admission(roles, config.sso_creates_accounts, config.sso_matches_email)


def check(config: Config) -> None:
    """Refuse settings with which nobody could sign in, when the program starts."""
    admission(config)
    if config.has_sso:
        try:
            import authlib.integrations.requests_client  # noqa: F401 - only whether it is there
        except ImportError:
            raise ConfigError(
                "sso_issuer is set, but authlib is not installed: pip install "
                "'canister-hotspots[sso]'"
            ) from None


def _begin(config: Config, question_sent: dict[str, str]) -> Begun:
    """The network first, and then the store."""
    question = Question(question_sent["state"], question_sent["nonce"], question_sent["verifier"])
    identity = identity_provider.identity_of(
        _provider(config), question, request.args["code"], _back(config), config.sso_group_claim
    )
    return _sign_in(identity, admission(config))


@commits
def _sign_in(identity: identity_provider.Identity, admitted: Admission) -> Begun:
    return single_sign_on.sign_in(g.session, identity, admitted, device(), now=utc_now())


def _is_answer(question_sent: object) -> bool:
    if (
        not isinstance(question_sent, dict)
        or utc_now().timestamp() - question_sent["at"] > PATIENCE_S
    ):
        return False
    return compare_digest(question_sent["state"].encode(), request.args.get("state", "").encode())


def _refused(words: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/sso_refused.html", words=words), status


def _provider(config: Config) -> Provider:
    return Provider(
        config.sso_issuer,
        config.sso_client_id,
        config.sso_client_secret,
        frozenset(config.sso_hosts.lower().replace(",", " ").split()),
    )


def _site(config: Config) -> str:
    return config.base_url.rstrip("/") or request.host_url.rstrip("/")


def _back(config: Config) -> str:
    """Where the provider sends people back to; registered there."""
    return _site(config) + url_for(".sso_callback")


def _config() -> Config:
    config: Config = current_app.config["HOTSPOTS"]
    return config
