"""The council's own indicators, each with what exactly is counted."""

from collections.abc import Iterator

from geodata.core.vocabulary import Disclosure, Polarity, Unit
from web.services.partnership.series import Terms

SOURCE = "The council's own record"
HOTSPOT_CLASSES = {
    "new": Polarity.LESS,
    "intensifying": Polarity.LESS,
    "persistent": Polarity.LESS,
    "diminishing": Polarity.NEUTRAL,
    "sporadic": Polarity.LESS,
    "former": Polarity.NEUTRAL,
}
"""A place that becomes diminishing or former may have been worse or better before."""


def _terms(
    key: str,
    name: str,
    unit: Unit,
    polarity: Polarity,
    definition: str,
    *,
    is_share: bool = False,
    is_stock: bool = False,
    is_tested: bool = True,
) -> Terms:
    return Terms(
        key,
        name,
        unit,
        polarity,
        Disclosure.PUBLIC,
        None,
        SOURCE,
        definition,
        is_own=True,
        is_share=is_share,
        is_stock=is_stock,
        is_tested=is_tested,
    )


def _hotspots() -> Iterator[Terms]:
    for name, polarity in HOTSPOT_CLASSES.items():
        yield _terms(
            f"own-hotspots-{name}",
            f"Hotspots: {name}",
            Unit.COUNT,
            polarity,
            f"Hotspots of the class {name} in the last detection run by the period's end. "
            "Not tested: hotspots of two runs share incidents.",
            is_stock=True,
            is_tested=False,
        )


OWN = {
    terms.key: terms
    for terms in (
        _terms(
            "own-incidents",
            "Incidents",
            Unit.COUNT,
            Polarity.LESS,
            "Dumps of canisters by the day of their first report; several reports of one dump "
            "are one incident.",
        ),
        _terms(
            "own-reports",
            "Reports",
            Unit.COUNT,
            Polarity.NEUTRAL,
            "Reports of every source by their day: how much attention there was.",
        ),
        _terms(
            "own-cleared-in-target",
            "Cleared in target",
            Unit.PERCENT,
            Polarity.MORE,
            "Of incidents that fell due in the period, those cleared by their due time. What is "
            "open and overdue is missed; land that is not ours and duplicates count neither way.",
            is_share=True,
        ),
        _terms(
            "own-repeats-28",
            "Repeat within 28 days",
            Unit.PERCENT,
            Polarity.LESS,
            "Of incidents that fell due in the period and were cleared at least 28 days ago, "
            "those with another incident that the public told of within 25 m in the 28 days after.",
            is_share=True,
        ),
        _terms(
            "own-incidents-cylinders",
            "Incidents with large cylinders",
            Unit.COUNT,
            Polarity.LESS,
            "Incidents in which at least one large cylinder was counted.",
        ),
        _terms(
            "own-cylinders",
            "Large cylinders",
            Unit.COUNT,
            Polarity.LESS,
            "Large cylinders of all incidents; where nobody counted, none is added. Not tested: "
            "several lie in one dump.",
            is_tested=False,
        ),
        *_hotspots(),
        _terms(
            "own-notices",
            "Penalty notices",
            Unit.COUNT,
            Polarity.NEUTRAL,
            "Penalty notices by the day of the act, without drafts and those withdrawn, cancelled, "
            "void or allowed on appeal. There is no target: more is neither better nor worse.",
        ),
        _terms(
            "own-cautions",
            "Simple cautions",
            Unit.COUNT,
            Polarity.NEUTRAL,
            "Simple cautions by the day of the act. There is no target.",
        ),
        _terms(
            "own-payment-rate",
            "Notices paid",
            Unit.PERCENT,
            Polarity.MORE,
            "Of penalty notices for acts in the period that are neither void nor cancelled, those "
            "paid by now.",
            is_share=True,
        ),
        _terms(
            "own-warning-effect",
            "Warnings without a later notice",
            Unit.PERCENT,
            Polarity.MORE,
            "Of community protection warnings for acts in the period whose time has passed, those "
            "that no community protection notice followed. Those still open say nothing yet.",
            is_share=True,
        ),
        _terms(
            "own-patrol-visits",
            "Patrol visits",
            Unit.COUNT,
            Polarity.NEUTRAL,
            "Visits that patrols logged, planned or not, by the day of arrival. Not tested: "
            "several belong to one shift.",
            is_tested=False,
        ),
        _terms(
            "own-patrol-hours",
            "Patrol hours",
            Unit.HOURS,
            Polarity.NEUTRAL,
            "Hours from arrival to departure of logged visits; without a departure none is added.",
            is_tested=False,
        ),
        _terms(
            "own-posters-up",
            "Posters up",
            Unit.COUNT,
            Polarity.NEUTRAL,
            "Poster sites whose last event by the period's end is a poster put up or seen.",
            is_stock=True,
            is_tested=False,
        ),
        _terms(
            "own-education",
            "Education events",
            Unit.COUNT,
            Polarity.NEUTRAL,
            "School visits and events by the day on which they began.",
        ),
        _terms(
            "own-cost",
            "Cost of interventions",
            Unit.POUNDS,
            Polarity.NEUTRAL,
            "Cost of interventions that began in the period, where it was entered.",
            is_tested=False,
        ),
    )
}
"""By key, in the order of the page."""
