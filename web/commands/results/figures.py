"""``hotspots figures verify``."""

import sys
from dataclasses import asdict

import click

from web.commands.core.context import open_configured_store, print_json, working
from web.services.committee.verifying import Verification, verify


@click.group()
def figures() -> None:
    """Check figures that were frozen.

    \b
    Example:  hotspots figures verify 3
    """


@figures.command("verify")
@click.argument("release", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="Print what differs as JSON.")
def verify_release(release: int, *, as_json: bool) -> None:
    """Reckon every figure of a release again, and name each that differs and why.

    RELEASE is the number that its page shows. Ends with status 1 where anything differs.

    \b
    Example:  hotspots figures verify 3
    """
    store = open_configured_store()
    with working("Reckoning the figures again …"), store.reading() as session:
        verification = verify(session, release)
    if as_json:
        print_json(asdict(verification) | {"known_by": verification.known_by.isoformat()})
    else:
        _tell(verification)
    if not verification.is_confirmed:
        sys.exit(1)


def _tell(verification: Verification) -> None:
    if verification.is_redacted:
        click.echo("A person was taken out of the words of the release; nothing else has changed.")
    elif not verification.is_intact:
        click.echo("The release is not as it was frozen: its fingerprint does not match.")
    for each in verification.differences:
        why = " (a redaction)" if each.is_redaction else f"\n  Why: {'; '.join(each.reasons)}."
        click.echo(f"{each.name}: released {each.released}; today {each.today}{why}")
    if not all(each.is_redaction for each in verification.differences):
        click.echo(f"All that changed: {'; '.join(verification.reasons)}.")
    click.echo(f"{verification.same} of {verification.figures} figures are the same.")
