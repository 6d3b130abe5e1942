"""Looks at the prompts of all rows before any is taken: which are set aside, and what is flagged in the others."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from synth.domain import Pair, Prompt, PromptRow
from synth.promptset.alike import first_alike, sketch
from synth.promptset.quotas import turn
from synth.promptset.screen import Objection, objection, personal_data
from synth.promptset.writing import NEAR_DUPLICATE
from synth.rows.pairs import SetAside, prompt_key, without_pair
from synth.run.prepare import Prepared

Look = tuple[int, Prompt, bool]  # the row's number, its prompt, and whether people labelled it


@dataclass(frozen=True, slots=True)
class Screened:
    """By the number of the row: the objection to its prompt, and the kinds of personal data in it."""

    objections: Mapping[int, Objection] = field(default_factory=dict)
    personal: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def pair(self, number: int, one: Pair) -> Pair | SetAside:
        found = self._aside(number, one)
        return found or replace(one, personal_data=self.personal.get(number, ()))

    def prompt(self, number: int, one: PromptRow) -> PromptRow | SetAside:
        found = self._aside(number, without_pair(one))
        return found or replace(one, personal_data=self.personal.get(number, ()))

    def _aside(self, number: int, one: Pair) -> SetAside | None:
        found = self.objections.get(number)
        return SetAside(number, found.reason, f"row {number}: {found.detail}", one) if found else None


def look(number: int, one: Pair) -> Look:
    return number, one.prompt, one.human_label is not None or bool(one.human_labels)


def screened(prepared: Prepared, rows: Callable[[], Iterable[Look]]) -> Screened:
    """Goes through `rows` once, where the config says anything of prompts.

    Rows of one prompt stay or go together: they are several pairs of it. Of prompts that are nearly the same the one
    stays whose turn is first by seed and content, so that the order of the rows is of no account.
    """
    settings = prepared.config.prompts
    if settings is None:
        return Screened()
    objections: dict[int, Objection] = {}
    personal: dict[int, tuple[str, ...]] = {}
    numbers: dict[str, list[int]] = {}
    sketches: dict[str, bytes] = {}
    labels: Counter[str] = Counter()
    for number, prompt, labelled in rows():
        if found := objection(prompt, settings):
            objections[number] = found
            continue
        if kinds := personal_data(prompt, settings):
            personal[number] = kinds
        if settings.near_duplicates == "drop":
            key = prompt_key(prompt)
            numbers.setdefault(key, []).append(number)
            labels[key] += labelled
            if key not in sketches:
                sketches[key] = sketch(prompt)
    order = sorted(sketches, key=lambda key: turn(prepared.config.seed, key, labelled=bool(labels[key])))
    for key, first in zip(order, first_alike([sketches[key] for key in order], settings.similarity), strict=True):
        if order[first] != key:
            like = f"like that of row {numbers[order[first]][0]}; prompts.near_duplicates: keep leaves it in"
            objections |= dict.fromkeys(numbers[key], Objection(NEAR_DUPLICATE, like))
    return Screened(objections, personal)
