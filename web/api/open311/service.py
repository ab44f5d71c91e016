"""The one service that is asked for here, and its attributes."""

from geodata.core.vocabulary import ChargerBand
from web.api.open311.formats import Value

CODE = "canisters"
NAME = "Dumped nitrous oxide canisters"
BAND_WORDS = {
    ChargerBand.NONE: "None",
    ChargerBand.UP_TO_10: "1 to 10",
    ChargerBand.TO_50: "11 to 50",
    ChargerBand.TO_100: "51 to 100",
    ChargerBand.OVER_100: "More than 100",
    ChargerBand.UNKNOWN: "I do not know",
}
FLAGS = {
    "has_balloons": "Are there balloons or boxes?",
    "has_needles": "Are there needles?",
    "has_glass": "Is there broken glass?",
    "is_leaking": "Does a canister hiss or leak?",
}
YES_NO = [{"key": "yes", "name": "Yes"}, {"key": "no", "name": "No"}]
SENT_BY_THE_SERVER = "fixmystreet_id"
"""FixMyStreet's own number of a report, with which the same report sent again is one."""


def listed() -> dict[str, Value]:
    """The service as the list of services has it."""
    return {
        "service_code": CODE,
        "service_name": NAME,
        "description": "Small chargers and large cylinders of nitrous oxide, left in public",
        "metadata": True,
        "type": "realtime",
        "keywords": "nitrous oxide, canisters, chargers, cylinders, litter, fly-tipping",
        "group": "Litter",
    }


def attributes() -> list[Value]:
    """What is asked besides place and words."""
    bands: list[Value] = [{"key": band.value, "name": words} for band, words in BAND_WORDS.items()]
    questions = [
        ("charger_band", "singlevaluelist", "How many small chargers are there?", bands),
        ("cylinders", "number", "How many large cylinders are there?", None),
        *((code, "singlevaluelist", words, YES_NO) for code, words in FLAGS.items()),
        (SENT_BY_THE_SERVER, "string", "FixMyStreet’s number of the report", None),
    ]
    return [
        _attribute(order, code, kind, words, values)
        for order, (code, kind, words, values) in enumerate(questions, start=1)
    ]


def _attribute(order: int, code: str, kind: str, words: str, values: Value) -> dict[str, Value]:
    attribute: dict[str, Value] = {
        "variable": True,
        "code": code,
        "datatype": kind,
        "required": False,
        "datatype_description": "",
        "order": order,
        "description": words,
    }
    if values is not None:
        attribute["values"] = values
    if code == SENT_BY_THE_SERVER:
        attribute["automated"] = "server_set"  # as open311-adapter marks it
    return attribute
