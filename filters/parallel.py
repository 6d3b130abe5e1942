"""Works on many items in several processes, in their order and without holding them all."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import fields
from itertools import islice
from multiprocessing.reduction import ForkingPickler
from operator import attrgetter
from typing import Any, TypeVar

from synth.domain import CriterionGrade, JudgedPair, Message, Pair, PairwiseJudgment, PointwiseJudgment
from synth.lifeline import die_with_parent

Item = TypeVar("Item")
Made = TypeVar("Made")

_BATCH = 100
# Sent field by field: what a frozen dataclass does by itself takes twice as long, and the sender is one process.
_FIELDS: dict[type, Callable[[Any], Any]] = {
    kind: attrgetter(*(one.name for one in fields(kind)))
    for kind in (JudgedPair, Pair, Message, PairwiseJudgment, PointwiseJudgment, CriterionGrade)
}
_work: Callable[[Any], Any]  # of a worker; it is inherited and never sent, as benchmarks' n-grams may be large


def in_order(work: Callable[[Item], Made], items: Iterable[Item], workers: int) -> Iterator[Made]:
    """`work` of each item. Processes are started for the second batch, and only where they can be forked."""
    rest = iter(items)
    yield from map(work, islice(rest, _BATCH))
    if workers == 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, rest)
        return
    batches = iter(lambda: list(islice(rest, _BATCH)), [])
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


def _by_fields(value: Any) -> tuple[type, tuple[Any, ...]]:
    return type(value), _FIELDS[type(value)](value)


def _begin(work: Callable[[Any], Any], parent: int) -> None:
    global _work
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    _work = work


def _batch(items: list[Any]) -> list[Any]:
    return [_work(item) for item in items]
