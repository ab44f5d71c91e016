"""Whose mails this site's are."""

from web.config import Config
from web.council import council_name, settings_in_force
from web.services.mail.letters import Sender


def sender() -> Sender:
    """The council and its address. The address is configured: a request's Host may be forged."""
    return sender_of(settings_in_force(), council_name())


def sender_of(config: Config, council: str) -> Sender:
    """The same, for work outside a request."""
    contact = ", ".join(part for part in (config.contact_email, config.contact_phone) if part)
    can_text = bool(config.notify_api_key and config.notify_template_id)
    return Sender(council, config.base_url.rstrip("/"), contact, can_text)
