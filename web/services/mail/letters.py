"""The words of the mails: plain text, with nothing in them that a lock screen should not show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import ParamSpec

from geodata.core.vocabulary import IncidentState
from hotspots.core.words import counted
from web.services.common import speaking
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _
from web.services.common.wording import date_in_words, day_in_words, due_in_words
from web.services.detection.recent_days import Spike
from web.services.detection.weekly_watch import Week

P = ParamSpec("P")


@dataclass(frozen=True)
class Sender:
    """Whose mails these are, and where the site is.

    Attributes
    ----------
    council
        The council's name.
    base_url
        Address of the site without a slash at its end; empty where none is configured: then the
        mails say the reference instead of a link.
    contact
        How to reach the council, in one line; may be empty.
    can_text
        Whether text messages can go out.
    """

    council: str
    base_url: str = ""
    contact: str = ""
    can_text: bool = False

    def track(self, reference: str) -> str:
        """How to follow a report."""
        if not self.base_url:
            return _("Your reference is %(reference)s.", reference=reference)
        address = f"{self.base_url}/track/{reference}"
        return _("Follow it here: %(address)s", address=address)

    def stop_address(self, token: str) -> str | None:
        """Where a reporter stops the mails; None where the site's address is not known."""
        return f"{self.base_url}/track/stop/{token}" if self.base_url else None

    def footer(self, token: str) -> str:
        """How to hear no more."""
        lines = ["", "--", self.council, *([self.contact] if self.contact else [])]
        if address := self.stop_address(token):
            lines.append(_("Stop these mails: %(address)s", address=address))
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Words:
    """A mail's subject and text, and where its reader stops such mails, if they can."""

    subject: str
    body: str
    stop_address: str | None = None


def with_english(write: Callable[P, Words]) -> Callable[P, Words]:
    """A letter to a reporter: in a language that nobody has checked, with the English below."""

    @wraps(write)
    def written(*args: P.args, **kwargs: P.kwargs) -> Words:
        words = write(*args, **kwargs)
        if not speaking.current().is_draft:
            return words
        note = _("Translated by machine. Nobody who speaks the language has checked it yet.")
        with speaking.speaking(speaking.PLAIN):
            english = write(*args, **kwargs)
        return replace(
            words,
            subject=f"{words.subject} / {english.subject}",
            body=f"{words.body}\n{note}\n\n{'=' * 20}\n\n{english.body}",
        )

    return written


@with_english
def acknowledgement(
    sender: Sender, reference: str, token: str, due_at: datetime | None, *, has_opened: bool
) -> Words:
    """To the reporter, at once."""
    lines = [_("Thank you for reporting dumped canisters."), ""]
    if not has_opened:
        lines.append(
            _("Somebody had told us of them before; your report has been added to theirs.")
        )
    lines.append(
        _("We aim to clear them %(due)s.", due=due_in_words(due_at))
        if due_at
        else _("We have passed it on.")
    )
    lines += ["", sender.track(reference)]
    return _words(sender, token, _("We have your report %(reference)s", reference=reference), lines)


OUTCOME_WORDS = {
    IncidentState.CLEARED.value: (
        N_("Cleared: your report %(reference)s"),
        N_("The canisters that you reported were cleared on %(day)s."),
    ),
    IncidentState.NOT_FOUND.value: (
        N_("Not found: your report %(reference)s"),
        N_("Our crew went on %(day)s and did not find the canisters that you reported."),
    ),
    IncidentState.NOT_OUR_LAND.value: (
        N_("Passed to the owner: your report %(reference)s"),
        N_("The canisters lie on land that is not the council's. We told the owner on %(day)s."),
    ),
}


@with_english
def outcome(
    sender: Sender, reference: str, token: str, state: str, at: datetime, *, reopen_days: int
) -> Words:
    """To everybody who reported an incident, when it has closed."""
    subject, sentence = OUTCOME_WORDS[state]
    lines = [
        _(sentence, day=day_in_words(at)),
        "",
        _(
            "If they are still there, say so within %(days)s days and we will look again.",
            days=reopen_days,
        ),
        sender.track(reference),
    ]
    return _words(sender, token, _(subject, reference=reference), lines)


@with_english
def reopened(sender: Sender, reference: str, token: str, due_at: datetime | None) -> Words:
    """To everybody who reported an incident that turns out to be there still."""
    lines = [
        _(
            "We were told that the canisters you reported are still there, and have opened it "
            "again."
        ),
        _("They were to be cleared %(due)s; that has not changed.", due=due_in_words(due_at))
        if due_at
        else "",
        "",
        sender.track(reference),
    ]
    return _words(
        sender, token, _("Open again: your report %(reference)s", reference=reference), lines
    )


@dataclass(frozen=True)
class Job:
    """What the crew's mails say of an incident: never who reported it."""

    reference: str
    place: str
    due_at: datetime | None
    hazards: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """One line of a list."""
        due = f", {due_in_words(self.due_at)}" if self.due_at else ""
        hazards = f" ({', '.join(self.hazards)})" if self.hazards else ""
        return f"{self.reference}: {self.place}{due}{hazards}"


def new_job(sender: Sender, job: Job, *, has_reopened: bool) -> Words:
    """To the contractor, when an incident opens, or opens again."""
    what = "Still there" if has_reopened else "New job"
    words = "It was said to be done and is still there." if has_reopened else "To be cleared:"
    return Words(f"{what}: {job.reference}", f"{words}\n\n{job.line}\n{_site(sender)}")


@dataclass(frozen=True)
class LatePosters:
    """Posters of a campaign that hang after its last day."""

    campaign: str
    count: int
    last_day: date

    @property
    def line(self) -> str:
        """One line of a list."""
        up = counted(self.count, "poster")
        return (
            f"{self.campaign}: {up} still up, and its last day was {date_in_words(self.last_day)}"
        )


def overdue_digest(sender: Sender, jobs: list[Job], posters: list[LatePosters]) -> Words:
    """To the contractor and the council, each morning on which something is overdue."""
    parts = []
    if jobs:
        heading = f"{len(jobs)} {'job is' if len(jobs) == 1 else 'jobs are'} overdue"
        parts.append((heading, [job.line for job in jobs]))
    if posters:
        n = sum(late.count for late in posters)
        heading = f"{n} {'poster is' if n == 1 else 'posters are'} to be taken down"
        parts.append((heading, [late.line for late in posters]))
    subject = ", ".join(heading for heading, _ in parts)
    lists = ("\n".join([f"{heading}, the oldest first:", "", *lines]) for heading, lines in parts)
    return Words(subject, "\n\n".join(lists) + f"\n{_site(sender)}")


def briefing(sender: Sender, day: date, lines: Sequence[str]) -> Words:
    """To the council each morning: numbers alone; places and references stand on the page."""
    page = f"\n\nThe whole page: {sender.base_url}/officer/briefing" if sender.base_url else ""
    body = "\n".join(lines) + f"{page}\n\n--\n{sender.council}\n"
    return Words(f"Briefing for {date_in_words(day)}", body)


def hotspot_news(sender: Sender, code: str, name: str, sentences: tuple[str, ...]) -> Words:
    """To those who watch a hotspot, after a run that changed it."""
    text = "\n".join(sentences)
    return Words(f"{name} ({code}) has changed", f"{name} ({code}):\n\n{text}\n{_site(sender)}")


def work_is_late(sender: Sender, sentence: str) -> Words:
    """To the administrators, where something that nobody asks for by hand is not done."""
    return Words("Background work is late", f"{sentence}\n{_site(sender)}")


def sudden_rise(sender: Sender, spikes: Sequence[Spike], week: Week | None) -> Words:
    """To the council, after a run that found more dumping than the past explains."""
    parts = []
    if spikes:
        lines = [
            f"{s.where}: {s.incidents} since {date_in_words(s.since)}, where "
            f"{_expected(s.expected)} would be expected."
            for s in spikes
        ]
        parts.append(
            "More separate incidents in the last weeks than the place's own past explains:\n\n"
            + "\n".join(lines)
            + "\n\nChance alone raises about one new alert in two years in a borough."
        )
    if week is not None:
        parts.append(
            f"In the whole borough there were {counted(week.incidents, 'incident')} in the week "
            f"from {date_in_words(week.first)}, where about {week.expected:.0f} would be expected. "
            f"An ordinary week has more than {week.upper:.0f} only once in 100 weeks."
        )
    return Words(_rise_subject(spikes), "\n\n".join(parts) + f"\n{_site(sender)}")


def _expected(n: float) -> str:
    return f"{n:.1f}" if n >= 0.1 else "fewer than 0.1"


def _rise_subject(spikes: Sequence[Spike]) -> str:
    if not spikes:
        return "A week with more dumping than usual"
    where = spikes[0].where if len(spikes) == 1 else f"{len(spikes)} places"
    return f"Sudden rise in dumping: {where}"


def alert(sender: Sender, heading: str, lines: Sequence[str]) -> Words:
    """To an officer who asked to hear of such things."""
    text = "\n".join([f"{heading}:", "", *lines])
    end = "You asked for this on the page Alerts, where you can remove it."
    return Words(heading, f"{text}\n\n{end}\n{_site(sender)}")


def order_ends(sender: Sender, name: str, last_day: date, months: int) -> Words:
    """To the council, so many months before an order lapses."""
    until = date_in_words(last_day)
    lines = [
        f"The order {name} is in force up to {until}, which is {months} months away or less.",
        "It can be extended before that day, never after it. Consultation takes its time.",
    ]
    return Words(f"{name} ends on {until}", "\n".join(lines) + f"\n{_site(sender)}")


def time_limit(sender: Sender, reference: str, last_day: date) -> Words:
    """To those who may read enforcement data: a reference and a day, and nothing of a person."""
    until = date_in_words(last_day)
    line = f"{until} is the last day on which proceedings about {reference} may begin."
    return Words(f"Time limit: {reference}", f"{line}\n{_site(sender)}")


def keeper_answer(sender: Sender, reference: str, last_day: date, *, is_over: bool) -> Words:
    """To those who may read enforcement data: representations of a keeper wait for their answer."""
    until = date_in_words(last_day)
    line = (
        f"The representations about {reference} were to be answered by {until}. Without an answer "
        "the notice counts as cancelled: record it."
        if is_over
        else f"{until} is the last day to answer the representations about {reference}. Without an "
        "answer the notice counts as cancelled."
    )
    return Words(f"Answer due: {reference}", f"{line}\n{_site(sender)}")


def keeper_service(sender: Sender, reference: str, last_day: date, *, is_over: bool) -> Words:
    """To those who may read enforcement data: a keeper's notice is written and not given yet."""
    until = date_in_words(last_day)
    line = (
        f"The keeper's notice {reference} had to be given by {until}. It cannot be given any more: "
        "record it as void."
        if is_over
        else f"{until} is the last day to give the keeper's notice {reference}: a day later is too "
        "late. Then record the day on which it was given."
    )
    return Words(f"Notice to give: {reference}", f"{line}\n{_site(sender)}")


def recording_to_delete(sender: Sender, subject: str, last_day: date, *, is_over: bool) -> Words:
    """To those who may read enforcement data: a reference or a camera, and a day."""
    until = date_in_words(last_day)
    line = (
        f"What was recorded for {subject} had to be deleted by {until}. Delete it, or record that "
        "it is gone."
        if is_over
        else f"{until} is the last day to delete what was recorded for {subject}."
    )
    return Words(f"Recording to delete: {subject}", f"{line}\n{_site(sender)}")


def _site(sender: Sender) -> str:
    where = f"\n{sender.base_url}/\n" if sender.base_url else ""
    return f"{where}\n--\n{sender.council}\n"


def _words(sender: Sender, token: str, subject: str, lines: list[str]) -> Words:
    body = "\n".join(lines) + "\n" + sender.footer(token)
    return Words(subject, body, sender.stop_address(token))
