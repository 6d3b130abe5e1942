"""Works on many items in several processes, in their order and without holding them all."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import fields
from itertools import islice
from multiprocessing.reduction import ForkingPickler
from operator import attrgetter
from typing import Any, Protocol, TypeVar, runtime_checkable

from synth.domain import CriterionGrade, JudgedPair, Message, Pair, PairwiseJudgment, PointwiseJudgment
from synth.lifeline import die_with_parent

Item = TypeVar("Item")
Read_co = TypeVar("Read_co", covariant=True)
Made = TypeVar("Made")

_BATCH = 100
_LARGEST = 2_000  # items that one process reads
# Sent field by field: what a frozen dataclass does by itself takes twice as long, and the sender is one process.
_FIELDS: dict[type, Callable[[Any], Any]] = {
    kind: attrgetter(*(one.name for one in fields(kind)))
    for kind in (JudgedPair, Pair, Message, PairwiseJudgment, PointwiseJudgment, CriterionGrade)
}
_work: Callable[[Any], Any]  # of a worker; it is inherited and never sent, as benchmarks' n-grams may be large


@runtime_checkable
class InParts(Protocol[Read_co]):
    """Items that a process can read by itself: to send them takes longer than many a filter."""

    def __iter__(self) -> Iterator[Read_co]: ...

    def parts(self, sizes: Callable[[int], Sequence[int]]) -> Sequence[Iterable[Read_co]]:
        """The same in parts, one after the other; `sizes` tells these from the number of all items."""
        ...


def in_order(work: Callable[[Item], Made], items: Iterable[Item], workers: int) -> Iterator[Made]:
    """`work` of each item. Processes are started for the second batch, and only where they can be forked."""
    if workers == 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, items)
        return
    batches = iter(items.parts(_sizes)) if isinstance(items, InParts) else _batches(iter(items))
    yield from map(work, next(batches, []))  # what is loaded for the first ones is there in all processes
    begun = next(batches, None)
    if begun is None:
        return
    for kind in _FIELDS:
        ForkingPickler.register(kind, _by_fields)
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, fork, _begin, (work, os.getpid())) as pool:
        waiting: deque[Future[list[Made]]] = deque([pool.submit(_batch, begun)])
        for batch in batches:
            waiting.append(pool.submit(_batch, batch))
            if len(waiting) > 2 * workers:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    return iter(lambda: list(islice(items, _BATCH)), [])


def _sizes(count: int) -> list[int]:
    """Parts large enough to be worth opening a table, and small enough that no process waits for another's last."""
    first = min(count, _BATCH)
    size = min(_LARGEST, max(_BATCH, count // 50))
    whole, rest = divmod(count - first, size)
    return [first, *[size] * whole, *([rest] if rest else [])]


def _by_fields(value: Any) -> tuple[type, tuple[Any, ...]]:
    return type(value), _FIELDS[type(value)](value)


def _begin(work: Callable[[Any], Any], parent: int) -> None:
    global _work
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    _work = work


def _batch(items: Iterable[Any]) -> list[Any]:
    return [_work(item) for item in items]
