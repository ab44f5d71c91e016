"""Notices and letters as they are printed: the council's text of the day, its blanks filled.

The store holds no name, address or plate: where a text has a blank for one, a line is printed that
is filled in by hand, and kept in the penalty system alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import CONDUCT_WORDS, ActionKind, Conduct, NoticeState
from geodata.enforcement import actions, evidence
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.council import rulebook
from geodata.rules.days import last_day_following, local_day
from geodata.rules.enforcement.deadlines import period_end
from geodata.rules.enforcement.letters import filled, template_on
from geodata.rules.enforcement.notice_life import MONEY_KINDS, OFFERS
from geodata.rules.enforcement.penalties import pounds
from geodata.rules.tables import Row, RuleBook
from geodata.store.engine import lock
from web.services.common.wording import date_in_words, time_in_words
from web.services.enforcement.keeper_letters import (
    LETTERS_IN,
    LINE,
    letter_values,
    notice_values,
    unread,
)
from web.services.enforcement.late_letters import late_words
from web.services.enforcement.notice_deadlines import due_pence, facts_of, unread_source
from web.services.enforcement.notices import authority_in_words, where_in_words
from web.services.enforcement.recording import ENTITY
from web.services.paper import a4, typeface
from web.services.paper.typeface import BOLD, PLAIN

if TYPE_CHECKING:
    from geodata.models import EnforcementAction

_OBJECTED = frozenset({NoticeState.REPRESENTATION, NoticeState.ISSUED})
"""The states in which a representation is to be rejected now, or was: it stands as issued again."""
NOTICES = frozenset(
    {
        ActionKind.LITTER_FPN,
        ActionKind.FLY_TIPPING_FPN,
        ActionKind.PSPO_FPN,
        ActionKind.CPN_FPN,
        ActionKind.KEEPER_PENALTY,
        ActionKind.CPW,
        ActionKind.CPN,
        ActionKind.CAUTION,
    }
)
OFFENCES = {
    "epa1990_s87": "leaving litter (Environmental Protection Act 1990, section 87)",
    "epa1990_s33": "depositing waste (Environmental Protection Act 1990, section 33)",
    "asbcpa2014_s67": "breach of a public spaces protection order (2014 Act, section 67)",
    "asbcpa2014_s48": "breach of a community protection notice (2014 Act, section 48)",
    "si2018_171": "littering from a vehicle (SI 2018/171)",
}
_LINES = {
    "recipient": "the name and address of the person",
    "vehicle": "the registration mark",
    "signature": "the signature",
    "requirements": "what the notice requires",
    "reasons": "the reasons",
    "decision": "what the adjudicator decided",
    "order": "the name of the order",
    "particulars": "what was seen",
    "authority": "the written authority",
    "issuer": "the badge of the issuer",
    "amount_due": "the amount to be paid",
    "early": "the last day of the early amount",
    "pay_by": "the last day to pay",
    "pay_to": "whom to pay, and the address",
    "methods": "the ways to pay",
    "representations_to": "where representations go",
}
"""What to write on the line that a blank leaves; other blanks are plain words themselves."""
EFFECT = (
    "You may appeal to a magistrates' court by {appeal_by} (section 46). If you do not comply, the "
    "council may have work done and recover its cost (section 47). Not to comply without a "
    "reasonable excuse is an offence, with a fine on conviction (section 48). A court may order "
    "you to put things right (section 49), forfeit an item used (section 50), or have it seized "
    "(section 51)."
)


@dataclass(frozen=True)
class Letter:
    """A notice or letter, ready to print.

    Attributes
    ----------
    by_hand
        What must be filled in by hand, in words.
    unread
        What it rests on that nobody has read in the law, or approved, with its source.
    late
        What has passed by the day on which it is printed.
    """

    heading: str
    paragraphs: list[str]
    by_hand: list[str]
    unread: list[str]
    late: list[str]


def letters_of(kind: str, state: str, been: Collection[str]) -> list[str]:
    """What can be printed for an action in its state: the notice first, then letters.

    Parameters
    ----------
    been
        The states that it has been in.

    Examples
    --------
    >>> letters_of("keeper_penalty", "representation_rejected", [])
    ['keeper_penalty', 'keeper_rejection']
    """
    letters = [kind] if kind in NOTICES else []
    if kind == ActionKind.KEEPER_PENALTY:
        letters += LETTERS_IN.get(state, ())
    may_reject = NoticeState.REPRESENTATION in been and state in _OBJECTED
    if kind in OFFERS and may_reject:
        letters.append("rejection")
    if kind in MONEY_KINDS and state == NoticeState.CANCELLED:
        letters.append("cancellation")
    is_owed = state in {NoticeState.UNPAID, NoticeState.REMINDER}
    if is_owed and kind != ActionKind.KEEPER_PENALTY:
        letters.append("reminder")
    return letters


def compose(session: Session, reference: str, letter: str, actor: Actor, *, council: str) -> Letter:
    """A notice or letter; that it was printed is in the audit.

    Parameters
    ----------
    council
        The council's name.

    Raises
    ------
    NotFoundError
        There is no such notice, or no text for it on its day.
    RefusedError
        The letter is none of this notice in its state.
    """
    lock(session, ENTITY)
    action, state = actions.find(session, reference)
    been = [event.state for event in actions.events(session, action)]
    if letter not in letters_of(action.kind, state, been):
        raise RefusedError(f"{letter!r} is not printed for {reference} as it stands now")
    today = local_day(actor.now)
    day = action.issued_on or local_day(action.offence_at)
    rules = rulebook(session)
    template = template_on(rules, letter, day if letter == action.kind else today)
    facts = facts_of(session, action, state)
    values = _values(session, rules, action, today) | {
        "council": council,
        "amount_due": _or_line(due_pence(rules, action, facts, today)),
        **letter_values(rules, action, letter, state, since=facts.since, today=today),
    }
    audit.write(session, actor, "print", ENTITY, action.id, after={"letter": letter})
    return Letter(
        template["heading"],
        filled(template["text"], values),
        list(_by_hand(template["text"], values)),
        [*_unread_words(rules, action, template), *unread(rules, letter, day)],
        list(late_words(rules, facts, template["text"], values, today)),
    )


def _by_hand(text: str, values: Mapping[str, str]) -> Iterator[str]:
    """What to write on each line of a letter."""
    for name, value in values.items():
        if LINE not in value or f"{{{name}}}" not in text:
            continue
        if name != "representations":
            yield _LINES.get(name, name)
            continue
        if f"by {LINE}" in value:
            yield "the last day for representations"
        if f"to {LINE}" in value:
            yield _LINES["representations_to"]


def _unread_words(rules: RuleBook, action: EnforcementAction, template: Row) -> list[str]:
    """The text, and the amount in it, where nobody has read or approved them; with their source."""
    text = [f"the text: {template.source}"] if template.unverified else []
    source = unread_source(rules, action) if "{amount" in template["text"] else ""
    return [*text, f"{pounds(action.amount_pence or 0)}: {source}"] if source else text


def _or_line(pence: int | None) -> str:
    return LINE if pence is None else pounds(pence)


def _values(
    session: Session, rules: RuleBook, action: EnforcementAction, today: date
) -> dict[str, str]:
    day = action.issued_on or local_day(action.offence_at)
    version = actions.version_of(session, action)
    badge = authority_in_words(session, rules, action)
    return {
        "reference": action.reference,
        "date": date_in_words(day),
        "today": date_in_words(today),
        "recipient": LINE,
        "vehicle": LINE,
        "signature": LINE,
        "requirements": LINE,
        "reasons": LINE,
        "decision": LINE,
        "offence": OFFENCES.get(action.offence_code or "", "") or LINE,
        "order": version.order.name if version else LINE,
        "particulars": _particulars(session, action),
        "conduct": CONDUCT_WORDS[Conduct(action.conduct)] if action.conduct else LINE,
        "authority": badge or LINE,
        "issuer": badge.partition("held by ")[2].partition(" from ")[0] or LINE,
        "admission": "I admit this offence, and I agree to be cautioned for it.",
        "consequences": "A simple caution is not a conviction. A record of it is kept, and it may "
        "be told to a court if you are tried for another offence.",
        "warning": "If you do not stop, we may issue a community protection notice. Not to comply "
        "with one is an offence.",
        **_money(rules, action, day),
        "pay_by": _pay_by(rules, day, today),
        **_payment(rules, day),
        **_keeper(rules, action, day),
    }


def _keeper(rules: RuleBook, action: EnforcementAction, day: date) -> dict[str, str]:
    if action.kind != ActionKind.KEEPER_PENALTY:
        return {}
    return notice_values(rules, action, day, _payment(rules, day)["representations_to"])


def _particulars(session: Session, action: EnforcementAction) -> str:
    """When and where it was, and what was seen."""
    day = date_in_words(local_day(action.offence_at))
    where = where_in_words(session, action)
    landmark = f", {action.landmark}" if action.landmark else ""
    stated = evidence.of_action(session, action)
    grounds = stated[0].grounds if stated else LINE
    return f"On {day} at {time_in_words(action.offence_at)} at {where}{landmark}. {grounds}"


def _money(rules: RuleBook, action: EnforcementAction, day: date) -> dict[str, str]:
    last = date_in_words(period_end(rules, "payment", day))
    early = ""
    if action.discount_pence and action.discount_days:
        last_early = date_in_words(last_day_following(day, action.discount_days))
        early = f"{pounds(action.discount_pence)} is enough if you pay by {last_early}."
    appeal_by = date_in_words(period_end(rules, "notice_appeal", action.given_on or day))
    return {
        "amount": _or_line(action.amount_pence),
        "early": early,
        "period": f"No proceedings will be taken for the offence before the end of {last}.",
        "effect": EFFECT.format(appeal_by=appeal_by),
    }


def _pay_by(rules: RuleBook, day: date, today: date) -> str:
    """The days in which an offer can still be paid without proceedings, or that they have run."""
    last = period_end(rules, "payment", day)
    if today <= last:
        return f"Pay by {date_in_words(last)}."
    return f"The time to pay ended on {date_in_words(last)}: pay now, or we may go to court."


def _payment(rules: RuleBook, day: date) -> dict[str, str]:
    row = rules["payment_details"].on(day)
    if row is None:
        return dict.fromkeys(("pay_to", "methods", "representations_to"), LINE)
    return {
        "pay_to": f"{row['payee']}, {row['address']}",
        "methods": f"Ways to pay: {row['methods']}.",
        "representations_to": row["representations_to"],
    }


def as_pdf(letter: Letter, *, council: str, foot: str) -> bytes:
    """The letter on A4, with the council's name at its head."""
    typeface.prepare()
    story: list[Flowable] = [
        _paragraph(council, PLAIN, 11),
        Spacer(1, 6 * mm),
        _paragraph(letter.heading, BOLD, 15),
        Spacer(1, 4 * mm),
    ]
    for text in letter.paragraphs:
        story += [_paragraph(text, PLAIN, 11), Spacer(1, 3 * mm)]
    return a4(story, title=letter.heading, author=council, foot=foot, font=PLAIN, is_numbered=True)


def _paragraph(text: str, font: str, size: float) -> Paragraph:
    style = ParagraphStyle("letter", fontName=font, fontSize=size, leading=size * 1.4)
    return Paragraph(escape(text), style)
