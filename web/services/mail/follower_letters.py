"""The words of the mails to those who follow a ward: released figures, and how to stop."""

from dataclasses import dataclass

from geodata.people.followers import Following
from web.services.common.wording import date_in_words
from web.services.mail.letters import Sender, Words
from web.services.publishing.public_figures import WITHHELD, MonthFigures, WardFigures


@dataclass(frozen=True)
class Released:
    """What a mail tells of: a month of the borough, and a ward in a year; None: not that."""

    month: MonthFigures | None
    year: str
    ward: WardFigures | None


def please_confirm(sender: Sender, ward: str, token: str) -> Words:
    """To an address that somebody entered: nothing else comes unless it is confirmed."""
    lines = [
        f"Somebody, perhaps you, asked for updates about dumped canisters in {ward} by email.",
        "",
        f"Follow this link to get them: {sender.base_url}/follow/confirm/{token}",
        "",
        "If it was not you, do nothing: no other mail will come.",
        "We delete your address in three days.",
    ]
    return _words(sender, token, f"Confirm: updates about {ward}", lines)


def released(sender: Sender, following: Following, figures: Released) -> Words:
    """To a follower, after a month or a year was released."""
    lines = []
    if figures.month is not None:
        lines += _month_lines(sender.council, figures.month)
    if figures.ward is not None:
        count = _count(figures.ward.reported)
        lines += [f"In {following.ward} in the year {figures.year}, dumps reported: {count}.", ""]
    lines += [
        f"The figures of wards are published once a year. All of them: {sender.base_url}/",
        f"These mails end on {date_in_words(following.ends_at.date())} unless you ask again.",
    ]
    subject = f"Dumped canisters: new figures for {following.ward}"
    return _words(sender, following.token, subject, lines)


def _month_lines(council: str, month: MonthFigures) -> list[str]:
    due, cleared = _count(month.due), _count(month.cleared)
    return [
        f"{month.first_day:%B %Y}, the whole of {council}:",
        "",
        f"Dumps reported: {_count(month.reported)}",
        f"Due to be cleared: {due}",
        f"Cleared of these: {cleared}",
        "",
    ]


def _count(count: int | None) -> str:
    return WITHHELD.lower() if count is None else str(count)


def _words(sender: Sender, token: str, subject: str, lines: list[str]) -> Words:
    stop = f"{sender.base_url}/follow/stop/{token}"
    end = ["", "--", sender.council, *([sender.contact] if sender.contact else [])]
    return Words(subject, "\n".join([*lines, *end, f"Stop these mails: {stop}"]) + "\n", stop)
