"""Finds what of a published dataset this run would ask in the very same words, and takes it over."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from synth.asking import mark, request
from synth.domain import Pair, Protocol, Verdict, asks
from synth.prompts import Manner
from synth.rows import columns
from synth.rows.pairs import prompt_key
from synth.rows.published import published
from synth.run import choosing
from synth.run.carried import Carried, Choice, Kept
from synth.run.prepare import Prepared
from synth.run.references.writer import wanted
from synth.run.teacher import terms

_GRADES = tuple(f"pointwise_{what}_{side}" for what in ("score", "critique") for side in ("a", "b"))
_COMPARISON = ("verdict", "score_a", "score_b", "comparison", "critique_a", "critique_b")


def carry(prepared: Prepared, pairs: Iterable[Pair]) -> Carried:
    """The pairs, of all that the run takes in, whose published row rests on what this run would ask.

    A row still holds where its mark is that of the requests this run would make for the pair, the choice of the
    scenario with them. Judged anew, though the mark is the same, is a pair with a human label (the audit and the filter
    report need both orders), and one whose verdict a rule settled (the dataset does not say what either order said).
    Raises ConfigError where the dataset cannot be read.
    """
    previous = prepared.previous
    if previous is None or previous.run is not None:
        return Carried()
    protocols = tuple(prepared.config.judging.protocols)
    held = {
        _key(row): (row["scenario"], Kept(row["asked"], _said(row)))
        for row in published(previous.source, previous.revision, previous.name)
        if row["asked"] and _says_all(row, protocols)
    }
    desk = _Desk(prepared)
    taken: dict[str, Kept] = {}
    for pair in pairs:
        choice = desk.choice(pair)
        found = held.get(_key(_texts(pair)))
        if found is None or pair.human_label or pair.human_labels:
            continue
        scenario, kept = found
        if desk.would_ask(pair, scenario, choice) == kept.asked:
            taken[pair.id] = kept
            if choice:
                desk.choices[prompt_key(pair.prompt)] = Choice(scenario, choice)
    return Carried(previous.name, desk.terms.model, protocols, taken, desk.choices)


class _Desk:
    """Makes the requests of a run, and none of them."""

    def __init__(self, prepared: Prepared) -> None:
        self.terms = terms(prepared)
        self.choices: dict[str, Choice] = {}
        self._prepared = prepared
        self._manner = Manner(**prepared.config.judging.model_dump(mode="json", exclude={"protocols"}))
        self._asked_about: dict[bytes, str] = {}

    def choice(self, pair: Pair) -> str:
        """The key of the call that chooses the pair's scenario; empty where none is made. To be asked of every pair in
        their order, as the first of several like prompts is the one that is shown."""
        if pair.scenario or not self._prepared.offered:
            return ""
        key = bytes.fromhex(prompt_key(pair.prompt))
        if key not in self._asked_about:
            self._asked_about[key] = choosing.request(self._prepared, self.terms, pair.prompt).key
        return self._asked_about[key]

    def would_ask(self, pair: Pair, published: str, choice: str) -> str:
        """The mark of this run's requests; where the teacher chooses, on the condition that it chooses as it did."""
        name = pair.scenario or self._prepared.config.scenarios.default or published
        if name not in self._prepared.catalogue or wanted(self._prepared, pair, name):
            return ""  # a reference that is still to be written is part of what is asked
        scenario, every = self._prepared.catalogue.get(name), asks(tuple(self._prepared.config.judging.protocols))
        return mark((request(pair, ask, scenario, self._manner, self.terms).key for ask in every), choice)


def _key(texts: Mapping[str, Any]) -> bytes:
    """Of the exact texts, in the order that they stand in."""
    turns = [(turn["role"], turn["content"]) for turn in texts["prompt"]]
    exact = json.dumps([turns, texts["response_a"], texts["response_b"]])
    return hashlib.sha256(exact.encode()).digest()[:16]


def _texts(pair: Pair) -> dict[str, Any]:
    return {
        "prompt": columns.prompt_row(pair.prompt),
        "response_a": pair.response_a,
        "response_b": pair.response_b,
    }


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _names(row)} | {"reference": row.get("reference") or ""}


def _names(row: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in (*_COMPARISON, *_GRADES) if name in row)


def _says_all(row: Mapping[str, Any], protocols: tuple[Protocol, ...]) -> bool:
    """Whether everything that this run would read is there: an own comparison, and both grades."""
    graded = all(row.get(name) is not None for name in _GRADES)
    compared = row["verdict"] in tuple(Verdict) and bool(row["comparison"] or row["score_a"] is not None)
    return (graded or Protocol.POINTWISE not in protocols) and (compared or Protocol.PAIRWISE not in protocols)
