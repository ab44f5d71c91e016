"""The table of settings, from the fields of ``web.config.Config`` and the words below them."""

from dataclasses import MISSING, fields

from docs.generators.attribute_docs import attribute_docs
from web import config as configuration
from web.config import PREFIX, Config

PLAIN = {
    "database_url": "Where the store is: `sqlite:///file.gpkg` or `postgresql://…`.",
    "secret_key": "Signs sessions. 32 characters or more, the same on every host.",
    "tile_attribution": "Who made the background map; its licence asks for it.",
    "tile_max_zoom": "Deepest zoom that the background map has.",
    "contact_email": "For the public, on every page.",
    "contact_phone": "For the public, on every page.",
    "sso_client_secret": "Its secret there.",
    "smtp_port": "Port of the mail server.",
    "smtp_user": "Account on the mail server; empty: none.",
    "smtp_password": "Its password.",
    "smtp_starttls": "Whether the connection to the mail server is encrypted.",
}
"""What the fields mean that explain themselves in the code."""


def settings_table() -> str:
    """One row a setting, as Markdown."""
    written = attribute_docs(configuration)["Config"]
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for field in fields(Config):
        if field.default is MISSING:  # where each value came from: no setting
            continue
        default = f"`{field.default}`" if field.default not in {"", None} else "not set"
        meaning = (written.get(field.name) or PLAIN[field.name]).replace("\n", " ")
        rows.append(f"| `{PREFIX}{field.name.upper()}` | {default} | {meaning} |")
    return "\n".join(rows) + "\n"
