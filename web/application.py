"""``create_app``: puts the pieces together, and nothing more."""

import logging
import secrets
from collections.abc import Callable
from importlib import metadata, resources

from flask import Blueprint, Flask
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from geodata.accounts import users
from geodata.demo import ACCOUNTS, PASSWORD
from geodata.store import sealed_rows, settings
from geodata.store.engine import Store, open_store
from web import api, auth, basemap, database, errors, filters, navigation
from web import languages as page_languages
from web.admin import admin
from web.casework import casework
from web.committee import committee
from web.config import Config, ConfigError, load_config
from web.contractor import contractor
from web.council import council_name, name_in
from web.enforcement import enforcement
from web.extensions import bind_limits, csrf, login_manager
from web.forms import control_characters, sentences
from web.hotspot_desk import desk
from web.imports import imports
from web.moderation import moderation
from web.more import more
from web.partner import partner
from web.partnership import partnership
from web.patrols import patrols
from web.posters import posters
from web.press import press
from web.public import public
from web.public.activity import activity
from web.public.feed import feed
from web.public.following import follow
from web.public.legal import legal
from web.public.open_data import open_data
from web.public.reporting import reporting
from web.public.search import search
from web.public.tracking import tracking
from web.public.you_said import you_said
from web.server import logs, secret_key, security
from web.server.compression import compress_data
from web.server.health import health
from web.server.hosts import bind_hosts
from web.server.metrics import count_requests, metrics
from web.server.mounts import ALONE, Mount, cookie_settings
from web.server.proxies import TrustedProxies
from web.server.request_bounds import bound_requests
from web.server.template_environment import TemplateEnvironment
from web.telephone import telephone

DEMO_MARK = "Synthetic demo data: nothing here happened, and boundaries are only approximate."


def create_app(
    config: Config | None = None,
    *,
    store: Store | None = None,
    mount: Mount = ALONE,
    register_pages: Callable[[Flask], None] | None = None,
) -> Flask:
    """The application, bound to its store.

    Parameters
    ----------
    config
        Settings; read from the environment where None.
    store
        An open store to use instead of the one that the settings name.
    mount
        Where the site stands among others of one house.
    register_pages
        What registers its pages; a council's where None.

    Raises
    ------
    ConfigError
        The secret key is missing, short or known, and the store is not the demo's.
    StoreError
        The store cannot be opened.
    """
    config = config or load_config()
    if not logging.getLogger().handlers:  # else somebody has decided where the log goes
        logs.configure(config.log_format)
    app = Flask(__name__)
    logs.watch(app)  # first: what another refuses has an id too
    count_requests(app, config)
    bound_requests(app)
    app.extensions["store"] = store or open_store(config.database_url, site_key=config.secret_key)
    app.extensions["store"].seal_by(config.secret_key)
    council, is_demo = _store_facts(app.extensions["store"], config)
    app.config.update(
        HOTSPOTS=config,
        COUNCIL_NAME=council,
        SECRET_KEY=_signing_key(config.secret_key, is_demo=is_demo),
        MOUNT=mount,
        **cookie_settings(config, mount),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form may lie open all night
        WTF_CSRF_SSL_STRICT=False,
    )
    if not is_demo:
        bind_hosts(app)
        # A demo without a key draws another one each time.
        _seal(app.extensions["store"], config.secret_key)
    app.wsgi_app = TrustedProxies(app.wsgi_app, config)  # type: ignore[method-assign]
    prepare_templates(app)
    _tell_templates(app, is_demo=is_demo)
    csrf.init_app(app)
    bind_limits(app)
    login_manager.init_app(app)
    sentences.answer_with_them()
    control_characters.check_every_form(app)
    app.teardown_appcontext(database.close_session)
    errors.register(app)
    security.protect(app)
    compress_data(app)
    auth.register(app)
    register_assets(app)
    for blueprint in (health, metrics, auth.accounts):
        app.register_blueprint(blueprint)
    (register_pages or council_pages)(app)
    return app


def council_pages(app: Flask) -> None:
    """All pages of a council, and what other systems read of it."""
    basemap.register(app)
    api.register(app)
    for blueprint in (
        public,
        desk,
        contractor,
        casework,
        reporting,
        tracking,
        legal,
        activity,
        feed,
        open_data,
        search,
        follow,
        you_said,
        press,
        partner,
        partnership,
        committee,
        telephone,
        moderation,
        imports,
        enforcement,
        admin,
        patrols,
        posters,
        more,
        page_languages.languages,
    ):
        app.register_blueprint(blueprint)


def _store_facts(store: Store, config: Config) -> tuple[str, bool]:
    """The council's name, and whether the store is the demo's."""
    with store.reading() as session:
        return name_in(session, config), bool(settings.read(session, settings.IS_DEMO, False))


def _seal(store: Store, key: str) -> None:
    """Seal what an older version, or a command without the key, wrote."""
    with store.reading() as session:
        is_due = users.unsealed_passwords(session) + sealed_rows.unsealed(session) > 0
    if is_due:
        with store.writing() as session:
            users.seal_passwords(session, key)
            sealed_rows.seal_rows(session)


def _signing_key(key: str, *, is_demo: bool) -> str:
    """The key that is set, if it is one. The demo may have any, or draws one while it runs."""
    if is_demo:
        return key or secrets.token_hex(32)
    if advice := secret_key.advice(key):
        raise ConfigError(advice)
    return key


def prepare_templates(app: Flask) -> None:
    """Templates and what they call, for a site and for the first page of a house alike."""
    app.jinja_environment = TemplateEnvironment
    app.jinja_options = {
        "extensions": ["jinja2.ext.do"],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("web"),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    WTFormsHelpers(app)
    filters.register(app)
    page_languages.register(app)
    version = metadata.version("canister-hotspots")
    app.context_processor(lambda: {"version": version})


def _tell_templates(app: Flask, *, is_demo: bool) -> None:
    navigation.register(app)
    app.context_processor(
        lambda: {
            "is_demo": is_demo,
            "council_name": council_name(),
            "demo_mark": DEMO_MARK if is_demo else "",
            "demo_accounts": f"{', '.join(ACCOUNTS)}; the password is {PASSWORD}",
        }
    )


def register_assets(app: Flask) -> None:
    """Serve what other projects give to browsers: GOV.UK Frontend, Leaflet, Protomaps."""
    folder = resources.files("canister_assets")
    app.register_blueprint(
        Blueprint("assets", __name__, static_folder=str(folder), static_url_path="/assets")
    )
