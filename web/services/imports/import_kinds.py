"""Which kinds of files go in by a page, and who may send them."""

from dataclasses import dataclass

from geodata.accounts.rights import Rights
from geodata.core.errors import NotFoundError


@dataclass(frozen=True)
class PageKind:
    """A kind of rows in the words of a page."""

    name: str
    words: str
    is_managers: bool = False
    is_enforcement: bool = False

    def is_for(self, rights: Rights) -> bool:
        """Whether somebody may take such files in, and out again."""
        is_manager = rights.role in {"manager", "admin"}
        return (is_manager or not self.is_managers) and (
            rights.may_read_enforcement or not self.is_enforcement
        )


PAGE_KINDS = (
    PageKind("reports", "Reports of canisters, and when they were cleared"),
    PageKind("clearances", "Clearances: what crews found and did"),
    PageKind("interventions", "Interventions: posters, patrols, cameras, events"),
    PageKind("gazetteer", "Names of places, as OS Open Names has them"),
    PageKind("indicators", "Partners' figures by area and period"),
    PageKind("populations", "Populations of areas"),
    PageKind("police", "Street crime of data.police.uk"),
    PageKind("places", "Places and areas, such as car parks and wards", is_managers=True),
    PageKind("streets", "Streets, as OS Open Roads has them", is_managers=True),
    PageKind("exposure", "What dumping follows, such as postcodes", is_managers=True),
    PageKind(
        "features", "What dumping may be drawn to, such as pubs and bus stops", is_managers=True
    ),
    PageKind("actions", "Penalty notices and other actions", is_enforcement=True),
    PageKind("orders", "Orders (PSPO)", is_managers=True, is_enforcement=True),
)


def kinds_for(rights: Rights) -> list[PageKind]:
    """The kinds that somebody may take in."""
    return [kind for kind in PAGE_KINDS if kind.is_for(rights)]


def refuse_other(rights: Rights, name: str) -> None:
    """Let a kind pass that somebody may take in.

    Raises
    ------
    NotFoundError
        It is none of theirs.
    """
    if name not in {kind.name for kind in kinds_for(rights)}:
        raise NotFoundError("there is no such import that you may see")
