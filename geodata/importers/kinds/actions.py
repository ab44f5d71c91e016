"""Penalty notices, warnings and cautions, from the enforcement contractor's spreadsheet."""

import re
from datetime import UTC, datetime, time
from typing import Any

import pandas as pd
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geodata.core.vocabulary import CONDUCT_WORDS, ActionKind, AgeBand, Conduct, NoticeState
from geodata.files.columns import Field, plain
from geodata.importers.kinds.action_acts import refuse_second_routes, refuse_unwarned
from geodata.importers.kinds.action_law import offence_codes, refuse_unlawful
from geodata.importers.kinds.action_states import refuse_impossible_states
from geodata.importers.kinds.kind import OWN_REFERENCE, Kind, reference_of
from geodata.importers.parsed import Parsed
from geodata.importers.values import NO_FLAG, parse_flag, parse_whole, parse_word
from geodata.importers.where import position_columns
from geodata.models import ActionEvent, EnforcementAction, ImportBatch
from geodata.rules.days import LONDON
from geodata.rules.enforcement.notice_life import MONEY_KINDS

_WORDS_KIND = {kind.value.replace("_", " "): kind.value for kind in ActionKind} | {
    "litter": ActionKind.LITTER_FPN.value,
    "littering": ActionKind.LITTER_FPN.value,
    "fpn litter": ActionKind.LITTER_FPN.value,
    "fpn littering": ActionKind.LITTER_FPN.value,
    "s88": ActionKind.LITTER_FPN.value,
    "pspo": ActionKind.PSPO_FPN.value,
    "fpn pspo": ActionKind.PSPO_FPN.value,
    "pspo breach": ActionKind.PSPO_FPN.value,
    "breach of pspo": ActionKind.PSPO_FPN.value,
    "s68": ActionKind.PSPO_FPN.value,
    "fly tipping": ActionKind.FLY_TIPPING_FPN.value,
    "fpn fly tipping": ActionKind.FLY_TIPPING_FPN.value,
    "s33za": ActionKind.FLY_TIPPING_FPN.value,
    "breach of cpn": ActionKind.CPN_FPN.value,
    "cpn breach": ActionKind.CPN_FPN.value,
    "civil penalty": ActionKind.KEEPER_PENALTY.value,
    "littering from vehicle": ActionKind.KEEPER_PENALTY.value,
    "simple caution": ActionKind.CAUTION.value,
    "words of advice": ActionKind.ADVICE.value,
    "community protection warning": ActionKind.CPW.value,
    "community protection notice": ActionKind.CPN.value,
}
_WORDS_AGE = {
    "": AgeBand.UNKNOWN.value,
    "unknown": AgeBand.UNKNOWN.value,
    "under 10": AgeBand.UNDER_10.value,
    "10 17": AgeBand.TEN_TO_17.value,
    "10 to 17": AgeBand.TEN_TO_17.value,
    "18": AgeBand.ADULT.value,
    "18 or over": AgeBand.ADULT.value,
    "adult": AgeBand.ADULT.value,
}
_WORDS_CONDUCT = {conduct.value.replace("_", " "): conduct.value for conduct in Conduct} | {
    plain(words): conduct.value for conduct, words in CONDUCT_WORDS.items()
}
_WORDS_STATE = {state.value.replace("_", " "): state.value for state in NoticeState} | {
    "paid": NoticeState.PAID_FULL.value,
    "paid in full": NoticeState.PAID_FULL.value,
    "paid at discount": NoticeState.PAID_DISCOUNT.value,
    "outstanding": NoticeState.ISSUED.value,
}


_PHRASES = (
    (re.compile(r"\blitter", re.IGNORECASE), ActionKind.LITTER_FPN.value),
    (re.compile(r"\bfly.?tip", re.IGNORECASE), ActionKind.FLY_TIPPING_FPN.value),
    (re.compile(r"\bpspo\b|\bpublic spaces? protection", re.IGNORECASE), ActionKind.PSPO_FPN.value),
)
_OTHER_KINDS = re.compile(
    r"vehicle|keeper|caution|warn|advice|cpn|cpw|community|prosecut|dog|graffiti", re.IGNORECASE
)


def _kind_of_phrase(text: str) -> str | None:
    """The one kind of notice that a contractor's longer words speak of, None if not just one.

    >>> _kind_of_phrase("S.87/88 EPA 1990 - Littering"), _kind_of_phrase("Litter from a vehicle")
    ('litter_fpn', None)
    """
    kinds = {kind for form, kind in _PHRASES if form.search(text)}
    return kinds.pop() if len(kinds) == 1 and not _OTHER_KINDS.search(text) else None


def _action(parsed: Parsed) -> None:
    parsed.take_past_time("offence_at", clock="time")
    parsed.need_column("kind")
    parsed.take(
        "kind",
        lambda texts: parse_word(texts, _WORDS_KIND).fillna(texts.map(_kind_of_phrase)),
        f"is no known action: write {', '.join(ActionKind)}",
    )
    parsed.refuse(
        parsed.columns["kind"].isna() & (parsed.texts("kind") == ""),
        "kind",
        f"is empty: write {', '.join(ActionKind)}",
    )
    parsed.take(
        "offence_code",
        offence_codes,
        "is no known offence code: write epa1990_s87, asbcpa2014_s67, or leave it empty",
    )
    for day in ("issued_on", "given_on"):
        parsed.take_day(day)
    for amount in ("amount_pence", "discount_pence"):
        parsed.take_amount(amount)
    parsed.take(
        "conduct",
        lambda texts: parse_word(texts, _WORDS_CONDUCT),
        f"is no known conduct: write {', '.join(Conduct)}",
    )
    parsed.take("discount_days", parse_whole, "is not a whole number: write 14")
    parsed.take(
        "age_band",
        lambda texts: parse_word(texts, _WORDS_AGE),
        f"is no age band: write {', '.join(AgeBand)}",
        default=AgeBand.UNKNOWN.value,
    )
    parsed.take(
        "state",
        lambda texts: parse_word(texts, _WORDS_STATE),
        f"is no known state: write {', '.join(NoticeState)}",
        default=NoticeState.ISSUED.value,
    )
    parsed.take_time("state_at")
    for text in ("recipient_ref", "landmark", "note", "other_act_reason"):
        parsed.take_impersonal(text)
    parsed.take_own_reference()
    parsed.take("is_nitrous_oxide", parse_flag, NO_FLAG, default=True)
    parsed.take("from_vehicle", parse_flag, NO_FLAG)
    _date_notices(parsed)
    refuse_impossible_states(parsed)
    _refuse_unlawful(parsed)
    refuse_second_routes(parsed)
    refuse_unwarned(parsed)


_HANDED_OVER = {*MONEY_KINDS, ActionKind.CAUTION, ActionKind.CPW, ActionKind.CPN} - {
    ActionKind.KEEPER_PENALTY
}


def _date_notices(parsed: Parsed) -> None:
    """Date a notice without a day by its act: it was handed over there and then, and we say so.

    A keeper's is sent later, and a prosecution begins later, so that their days must be told.
    """
    kinds, times = parsed.columns["kind"], parsed.columns["offence_at"]
    is_undated = parsed.columns["issued_on"].isna() & times.notna()
    is_undated &= kinds.isin(_HANDED_OVER)
    if is_undated.any():
        days = times[is_undated].dt.tz_convert(LONDON).dt.date
        parsed.columns["issued_on"] = parsed.columns["issued_on"].where(~is_undated, days)
        parsed.warnings.append(
            f"{is_undated.sum()} notices have no date of their own: the day of the act was taken. "
            f"Row {is_undated.idxmax()} is the first"
        )


def _write_events(session: Session, batch: int, fresh: pd.DataFrame) -> None:
    """That each was issued, but for drafts, and the state that the file says it is in."""
    action_keys = session.execute(
        select(EnforcementAction.reference, EnforcementAction.id).where(
            EnforcementAction.batch_id == batch
        )
    )
    keys = {reference: key for reference, key in action_keys}  # noqa: C416 - rows are not pairs
    now = session.get_one(ImportBatch, batch).imported_at
    rows: list[dict[str, Any]] = []
    for row in fresh.to_dict("records"):
        issued = _issued_at(row)
        state, at = row["state"], row["state_at"]
        since = issued if pd.isna(at) else at.to_pydatetime(warn=False)
        events = [(NoticeState.ISSUED.value, issued)] if state != NoticeState.DRAFT else []
        if state != NoticeState.ISSUED:
            events.append((state, since))
        rows += [
            {
                "action_id": keys[row["reference"]],
                "state": state,
                "at": at,
                "recorded_at": now,
                "reason": "Imported",
            }
            for state, at in events
        ]
    session.execute(insert(ActionEvent), rows)


def _issued_at(row: dict[str, Any]) -> datetime:
    offence: datetime = row["offence_at"].to_pydatetime(warn=False)
    day = row["issued_on"]
    if day is None or day <= offence.date():
        return offence
    return datetime.combine(day, time(12), UTC)


def _refuse_unlawful(parsed: Parsed) -> None:
    """Hold each row to the law; an early amount of no told time is judged, and then left out."""
    has_early = parsed.columns["discount_pence"].notna()
    is_timeless = "discount_days" not in parsed.headers and has_early.any()
    if is_timeless:
        parsed.columns["discount_days"] = has_early.map({True: 1, False: None})
    refuse_unlawful(parsed)
    if is_timeless:
        parsed.columns[["discount_pence", "discount_days"]] = None
        parsed.leave_out(
            has_early,
            "discount_pence",
            "needs the number of days for which it was enough: add a column discount_days",
        )


ACTIONS = Kind(
    "actions",
    EnforcementAction,
    (
        Field(
            "offence_at",
            (
                *("offence date", "date of offence", "date", "datetime", "offence date time"),
                *("date and time of offence", "date time of offence", "incident date", "date time"),
                *("contravention date", "date of contravention", "issue date time"),
            ),
        ),
        Field("time", ("offence time", "time of offence")),
        Field(
            "kind",
            (
                *("type", "action", "notice type", "offence", "offence description"),
                *("offence type", "contravention", "offence category", "fpn type"),
            ),
        ),
        Field("offence_code", ("code",)),
        Field("issued_on", ("issued", "issue date", "date issued", "notice date")),
        Field("given_on", ("given", "date given", "served", "date served")),
        Field(
            "amount_pence",
            (
                *("amount", "penalty", "fpn amount", "fine", "amount in pence", "penalty amount"),
                *("full amount", "fine amount", "amount due"),
            ),
        ),
        Field("discount_pence", ("discount", "discounted amount", "discount in pence")),
        Field("discount_days", ("discount period",)),
        Field("age_band", ("age", "age group")),
        Field("state", ("status", "payment status", "case status", "fpn status", "notice status")),
        Field("state_at", ("status date", "paid on", "date paid")),
        Field("recipient_ref", ("recipient", "recipient reference", "penalty system ref")),
        Field(
            "landmark",
            (
                *("address", "street", "where", "location", "location name", "offence location"),
                *("location of offence", "place of offence"),
            ),
        ),
        Field("note", ("notes", "comments", "details")),
        Field("conduct", ("behaviour", "conduct type")),
        Field("other_act_reason", ("why another act", "justification")),
        Field("from_vehicle", ("vehicle involved", "in a vehicle")),
        Field("is_nitrous_oxide", ("nitrous oxide", "n2o")),
        OWN_REFERENCE,
        *position_columns.FIELDS,
    ),
    _action,
    reference=reference_of("fpn", "notice", "pcn", "ticket"),
    finish=_write_events,
    children=(ActionEvent.action_id,),
    has_subject=True,
)
