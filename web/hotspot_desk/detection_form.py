"""The parameters of detection as a form, each with its meaning and its limits."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms import FloatField, IntegerField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired

from geodata.places.exposures import ExposureSource
from hotspots.core.errors import ParameterError
from hotspots.detection import DetectionParams

MEANINGS = {  # field: label, meaning and limits
    "months": (
        "Months searched",
        "Length of the window that ends with the run: 1 to 1,200. 12 has every season once.",
    ),
    "radii_m": (
        "Radii of the discs, in metres",
        "Tried round each incident: up to 150, which is what two officers can stand in.",
    ),
    "alpha": (
        "Largest q-value",
        "Of the places flagged, the share that may be none: above 0, below 1. Usual is 0.05.",
    ),
    "min_rate_ratio": (
        "Times as many as by chance, at least",
        "1 or more. Below 3, nearly any busy street is flagged.",
    ),
    "min_nights": ("Different nights, at least", "1 or more. One party is no hotspot."),
    "min_weeks": ("Different weeks, at least", "1 or more."),
    "min_incidents": (
        "Incidents in the borough, at least",
        "5 or more. With fewer than this in the window nothing is tested.",
    ),
    "max_width_m": (
        "Width of one hotspot, in metres",
        "50 or more. Places that one crowd joins are told of as one up to this width.",
    ),
    "null": (
        "Held against",
        "Its surroundings: the ground round about. Even ground flags any ordinary street.",
    ),
    "n_simulations": (
        "Maps of pure chance",
        "For even ground only. 99 to 99,999. More take longer and make small q-values finer.",
    ),
    "simulate_up_to": (
        "Simulate up to so many incidents",
        "For even ground only. 0 or more. Above it a bound is used, which errs towards chance.",
    ),
    "seed": ("Seed", "Any whole number: the same seed gives the same result."),
}
FLOATS = {"alpha", "min_rate_ratio", "max_width_m"}
METRES = {"radii_m", "max_width_m"}
SHOWN_OF_PRINT = 16
"""Letters of a fingerprint that tell two apart."""

LABELS = {name: label for name, (label, _) in MEANINGS.items()} | {
    "exposure": "What dumping follows",
    "exposure_measure": "What is counted of it",
    "exposure_features": "How many were looked at",
    "exposure_fingerprint": "Fingerprint of these",
}
"""Of each parameter that a run's record holds."""
NULL_WORDS = {"surroundings": "Its surroundings", "even": "Even ground"}


def _field(name: str) -> Any:
    label, meaning = MEANINGS[name]
    kind = StringField if name == "radii_m" else FloatField if name in FLOATS else IntegerField
    return kind(
        label,
        widget=GovTextInput(),
        description=meaning,
        validators=[InputRequired("Enter a number")],
    )


class DetectionForm(FlaskForm):  # type: ignore[misc]
    months = _field("months")
    radii_m = _field("radii_m")
    alpha = _field("alpha")
    min_rate_ratio = _field("min_rate_ratio")
    min_nights = _field("min_nights")
    min_weeks = _field("min_weeks")
    min_incidents = _field("min_incidents")
    max_width_m = _field("max_width_m")
    null = SelectField(
        MEANINGS["null"][0],
        widget=GovSelect(),
        choices=NULL_WORDS,
        description=MEANINGS["null"][1],
    )
    exposure = SelectField(
        "What dumping follows",
        widget=GovSelect(),
        description="Where more of it is, more incidents are expected. Import what is missing with "
        "hotspots import streets, gazetteer or exposure.",
    )
    n_simulations = _field("n_simulations")
    simulate_up_to = _field("simulate_up_to")
    seed = _field("seed")
    submit = SubmitField("Save the parameters", widget=GovSubmitInput())

    def chosen(self) -> DetectionParams | None:
        """The parameters; None, with the reason at its field, where one is out of its limits."""
        try:
            radii = tuple(float(text) for text in self.radii_m.data.split(","))
        except ValueError:
            self.radii_m.errors = ["Enter numbers with commas between them, such as 25, 50, 100"]
            return None
        values = {name: self[name].data for name in MEANINGS} | {"radii_m": radii}
        try:
            return DetectionParams(**values)
        except ParameterError as error:
            field = str(error).split(" ", 1)[0]
            self[field].errors = [f"{self[field].label.text}: {MEANINGS[field][1]}"]
            return None


GROUND_ALONE = "Nothing: every square metre alike"


def exposure_choices(sources: list[ExposureSource], chosen: str) -> dict[str, str]:
    """Words by key; a choice that is in the store no more stays to be seen, and is refused."""
    held = {source.key: source.words for source in sources}
    gone = {} if not chosen or chosen in held else {chosen: f"{chosen}, in the store no more"}
    return {"": GROUND_ALONE} | held | gone


def in_words(params: DetectionParams) -> dict[str, str]:
    """Parameters as a page shows them."""
    return {name: value_words(name, value) for name, value in vars(params).items()}


def value_words(name: str, value: object) -> str:
    """One parameter as a page shows it, of a run's record too: 300 m, and not 300.0."""
    if name == "null":
        return NULL_WORDS.get(str(value), str(value))
    if name == "exposure":
        return _exposure_words(str(value))
    if name == "exposure_fingerprint":
        return str(value)[:SHOWN_OF_PRINT]
    many = value if isinstance(value, list | tuple) else [value]
    words = ", ".join(_plain(each) for each in many)
    return f"{words} m" if name in METRES else words


def _exposure_words(key: str) -> str:
    """A source by its key, which may be in the store no more."""
    kind, _, batch = key.partition(":")
    if not key:
        return GROUND_ALONE
    return f"Import {batch}" if batch else f"{kind.capitalize()} of this store"


def form_data(params: DetectionParams) -> dict[str, Any]:
    """Parameters as the form shows them."""
    values = vars(params)
    plain = {name: _plain(values[name]) for name in FLOATS}
    return values | plain | {"radii_m": ", ".join(_plain(radius) for radius in params.radii_m)}


def _plain(number: object) -> str:
    return str(number).removesuffix(".0")
