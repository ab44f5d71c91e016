"""Which two actions may be about one act: by kind, person, place and time.

A driver and a keeper have different references, clocks and positions are rough, and a case that is
prepared later is entered from memory: what may be one act is asked about, and somebody decides.
"""

from dataclasses import dataclass
from datetime import timedelta

from geodata.core.vocabulary import ActionKind
from geodata.rules.enforcement.notice_life import MONEY_KINDS

NEAR_M, NEAR_TIME = 50.0, timedelta(minutes=15)
"""Within these it is one act, unless two people have a notice of one kind each."""
ROUGH_M, ROUGH_TIME = 100.0, timedelta(hours=1)
"""Within these two kinds of action may be about one act, whoever answers."""
PERSONS_M, PERSONS_TIME = 500.0, timedelta(hours=12)
"""Within these two kinds of action against one person may be about one act."""


@dataclass(frozen=True)
class Pair:
    """Two actions; ``persons`` their references in the penalty system, None where none is known."""

    kinds: tuple[str, str]
    persons: tuple[str | None, str | None]
    distance_m: float
    apart: timedelta

    @property
    def is_near(self) -> bool:
        return self.distance_m <= NEAR_M and self.apart <= NEAR_TIME

    @property
    def is_one_person(self) -> bool:
        return self.persons[0] is not None and self.persons[0] == self.persons[1]

    @property
    def are_two_people(self) -> bool:
        return None not in self.persons and not self.is_one_person


def may_be_one_act(pair: Pair) -> bool:
    """Whether somebody must say whether two actions are about one act.

    Two notices of one kind are asked about where they are near and may be one person's.
    """
    one, other = pair.kinds
    if one == other:
        return pair.is_near and not pair.are_two_people
    is_rough = pair.distance_m <= ROUGH_M and pair.apart <= ROUGH_TIME
    is_persons = pair.distance_m <= PERSONS_M and pair.apart <= PERSONS_TIME
    return is_rough or (is_persons and pair.is_one_person)


_BESIDE_NOTICE = MONEY_KINDS - {ActionKind.CPN_FPN}


def are_asked_together(kinds: tuple[str, str], *, are_exclusive: bool) -> bool:
    """Whether two kinds of action for one act are a question at all.

    Two that shut each other out are; so is a community protection notice beside a penalty for the
    same conduct. Its own breach is a later act by nature.
    """
    one, other = kinds
    if ActionKind.CPN in kinds:
        return (other if one == ActionKind.CPN else one) in _BESIDE_NOTICE
    return are_exclusive
