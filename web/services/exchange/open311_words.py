"""What events of ours are called in Open311, as FixMyStreet and open311-adapter write it."""

from geodata.core.vocabulary import IncidentEventKind, Outcome
from geodata.incidents.report_updates import ReportUpdate

CHANNEL = "open311"
STATUSES = {
    Outcome.CLEARED.value: "FIXED",
    Outcome.NOT_FOUND.value: "NO_FURTHER_ACTION",
    Outcome.NOT_OUR_LAND.value: "NOT_COUNCILS_RESPONSIBILITY",
    Outcome.DUPLICATE.value: "DUPLICATE",
    Outcome.TO_JOIN.value: "INVESTIGATING",
    Outcome.NO_ACCESS.value: "ACTION_SCHEDULED",
    Outcome.SPECIALIST.value: "ACTION_SCHEDULED",
}
WORDS = {
    "FIXED": "The crew took the canisters away.",
    "NO_FURTHER_ACTION": "The crew did not find any canisters there, or nobody spoke of it again.",
    "NOT_COUNCILS_RESPONSIBILITY": "It is not the council’s land. We told the owner.",
    "DUPLICATE": "The same canisters were reported before.",
    "INVESTIGATING": "The crew thinks that the same canisters were reported before: we check it.",
    "ACTION_SCHEDULED": "The crew went there and has to come again.",
    "OPEN": "It was opened again: the canisters are still there.",
}


def status_of(update: ReportUpdate) -> str:
    """The status that an event gives a report."""
    if update.kind == IncidentEventKind.CLEARANCE:
        return STATUSES.get(update.outcome, "IN_PROGRESS")
    return "OPEN" if update.kind == IncidentEventKind.REOPENED else "NO_FURTHER_ACTION"
