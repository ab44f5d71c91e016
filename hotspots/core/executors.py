"""Work in parts: here, one after another, or wherever an executor sends it.

Whatever has the ``map`` of ``concurrent.futures`` will do: a pool of threads or processes, or what
Dask's ``Client.get_executor()`` gives. A part is a function of a module and its arguments, so that
it can be sent; it draws nothing at random, and results come back in order. So the parts are the
same wherever they are done, and so is what is made of them, to the last bit, where all do the work
with the same versions.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
AT_ONCE = 64
"""Parts that are sent before the first is waited for: so many must fit into memory."""


class Executor(Protocol):
    """What does work in parts."""

    def map(self, fn: Callable[..., T], /, *iterables: Iterable[Any]) -> Iterable[T]:
        """What ``fn`` makes of each group of arguments, in their order."""


class InTurn:
    """One part after another, in this thread."""

    def map(self, fn: Callable[..., T], /, *iterables: Iterable[Any]) -> Iterable[T]:
        return map(fn, *iterables)


IN_TURN = InTurn()


def in_parts(
    executor: Executor, fn: Callable[..., T], parts: Iterable[tuple[Any, ...]]
) -> Iterator[T]:
    """What ``fn`` makes of each part, in their order; the parts may be made as they are needed.

    Examples
    --------
    >>> list(in_parts(IN_TURN, pow, [(2, 3), (3, 2)]))
    [8, 9]
    """
    waiting = iter(parts)
    while some := list(islice(waiting, AT_ONCE)):
        yield from executor.map(fn, *zip(*some, strict=True))
