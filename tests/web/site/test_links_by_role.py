"""Whoever may open a page is shown the way to it, and nobody else."""

import pytest
from flask.testing import FlaskClient

from web.navigation import OFFICERS_BAR


@pytest.mark.parametrize("reads_enforcement", [True, False])
@pytest.mark.parametrize("role", ["officer", "manager", "admin"])
def test_the_bar_leads_to_what_may_be_opened_and_to_nothing_else(
    signed_in, role: str, *, reads_enforcement: bool
) -> None:
    client: FlaskClient = signed_in(role, may_read_enforcement=reads_enforcement)
    index = client.get("/officer/more").text
    with client.application.test_request_context():
        adapter = client.application.url_map.bind("localhost")
        entries = [page for section in OFFICERS_BAR for page in section.pages]
        addresses = {page.endpoint: adapter.build(page.endpoint) for page in entries}
    shown = {name for name, address in addresses.items() if f'href="{address}"' in index}
    opened = {name for name, address in addresses.items() if client.get(address).status_code != 403}
    assert shown == opened
