"""The pairs that lack a reference, put together by what one reference is for."""

from collections.abc import Iterator

from synth.domain import Pair
from synth.run import tables
from synth.run.prepare import Prepared
from synth.run.references.writer import prompt_id, wanted


class Groups:
    """`ids` are those of the pairs, by the key of their group: the prompt to the letter, or the prompt whose responses
    a pair was made of. Nothing else of pairs.parquet is kept, which is read again and again."""

    def __init__(self, prepared: Prepared, *, of_responses: bool) -> None:
        self._prepared = prepared
        self._key = _prompt_of if of_responses else _same_prompt
        self.ids: dict[str, list[str]] = {}
        for key, pair in self._pairs():
            self.ids.setdefault(key, []).append(pair.id)

    def key(self, pair: Pair) -> str | None:
        """None where the pair is to have no reference, or has one."""
        return self._key(pair) if wanted(self._prepared, pair, pair.scenario) else None

    def first_pairs(self) -> Iterator[tuple[str, Pair]]:
        """One pair of each group, in the order of the run."""
        return ((key, pair) for key, pair in self._pairs() if self.ids[key][0] == pair.id)

    def _pairs(self) -> Iterator[tuple[str, Pair]]:
        for pair in map(tables.pair, tables.read(self._prepared.folder.pairs)):
            if (key := self.key(pair)) is not None:
                yield key, pair


def _same_prompt(pair: Pair) -> str:
    return prompt_id(pair.prompt)


def _prompt_of(pair: Pair) -> str:
    """A labelled pair came ready, and has no further responses."""
    ready = pair.human_label or pair.human_labels
    return "" if ready else pair.id.rpartition("/")[0]
