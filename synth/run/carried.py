"""What a run takes over from a published dataset, without a call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from synth.domain import Ask, Order, Protocol, Side, asks
from synth.rows import columns

Row = Mapping[str, Any]


class Choice(NamedTuple):
    """The scenario that the teacher chose for a prompt, and the key of that call."""

    scenario: str
    call: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A pair as a published row has it: `said` are the row's judgments, `asked` the mark of what was asked."""

    asked: str
    said: Row


@dataclass(frozen=True, slots=True)
class Carried:
    """Pairs by id and choices by `prompt_key`, taken over from the dataset `name`; nothing where there is none."""

    name: str = ""
    teacher: str = ""
    protocols: tuple[Protocol, ...] = ()
    pairs: Mapping[str, Kept] = field(default_factory=dict)
    choices: Mapping[str, Choice] = field(default_factory=dict)

    def judgments(self, pair_id: str) -> Iterator[dict[str, Any]]:
        """Rows of judgments.parquet: the comparison in order ab and the grades, which is what a dataset holds.

        There is no row for the order ba. Nothing is made up for it: filters that compare the orders leave such a pair
        alone, which had passed them when it was published.
        """
        said = self.pairs[pair_id].said
        for ask in asks(self.protocols):
            if ask.order is not Order.BA:
                yield {
                    **columns.NO_JUDGMENT,
                    **columns.ask_row(ask),
                    **_said(ask, said),
                    "pair_id": pair_id,
                    "teacher": self.teacher,
                    "failure": "",
                    "failure_detail": "",
                    "reply": "",
                    "carried_from": self.name,
                    "round": 1,
                }


NOTHING = Carried()


def _said(ask: Ask, said: Row) -> dict[str, Any]:
    if ask.response is None:
        scores = {name: said[name] for name in ("score_a", "score_b") if said[name] is not None}
        words = {name: said[name] for name in ("verdict", "comparison", "critique_a", "critique_b")}
        return {**scores, **words, "written_reference": said["reference"]}
    side = Side(ask.response)
    return {f"score_{side}": said[f"pointwise_score_{side}"], f"critique_{side}": said[f"pointwise_critique_{side}"]}
