"""A judged pair as a student sees it: by slots, with the words of the one judgment that is taught."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from synth.domain import JudgedPair, Order, Pair, PairwiseJudgment, PointwiseJudgment, Scale, Side, Verdict
from synth.exports.formats.base import LeftOut
from synth.exports.scales import converted, note
from synth.exports.student import Setting

_T = TypeVar("_T")
_END = r"(?!\w|[.,]\d)"
_ONE = re.compile(rf"\b([Rr]esponse) ([12]){_END}")
_BOTH = re.compile(rf"\b([Rr]esponse)s ([12])( (?:and|or|&) |/)([12]){_END}")


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair in the order of a comparison that says its verdict. `verdict` is by slots: a is shown first.

    Scores and critiques are those of the slots, None and empty where the judgment has none.
    """

    pair: Pair
    judgment: PairwiseJudgment
    verdict: Verdict

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.judgment.order.first, self.judgment.order.second

    @property
    def responses(self) -> tuple[str, str]:
        first, second = self.sides
        return self.pair.response(first), self.pair.response(second)

    @property
    def models(self) -> tuple[str, str]:
        return self._by_slot(self.pair.model_a, self.pair.model_b)

    @property
    def critiques(self) -> tuple[str, str]:
        return self._by_slot(self.judgment.critique_a, self.judgment.critique_b)

    @property
    def scores(self) -> tuple[float | None, float | None]:
        return self._by_slot(self.judgment.score_a, self.judgment.score_b)

    def by_slots(self, verdict: Verdict) -> Verdict:
        return _by_slots(verdict, self.judgment.order)

    @property
    def reference(self) -> str:
        """The pair's own, or what the teacher wrote; for a student that is to write one."""
        return self.pair.reference or self.judgment.reference

    def words(self, name: str = "Response", marks: tuple[str, str] = ("1", "2")) -> str:
        """The critique of each response and the comparison, with the responses called as the format calls them.

        Only "Response 1" and "Response 2" are renamed, as the teacher was told to say.
        """
        texts = []
        for number, critique in zip("12", self.critiques, strict=True):
            if critique.strip():
                own = f"Response {number}"
                texts.append(critique if critique.lstrip().startswith(own) else f"{own}: {critique}")
        return renamed("\n\n".join([*texts, self.judgment.comparison]).strip(), name, marks)

    def _by_slot(self, of_a: _T, of_b: _T) -> tuple[_T, _T]:
        return (of_a, of_b) if self.judgment.order is Order.AB else (of_b, of_a)


def compared(judged: JudgedPair) -> Compared | LeftOut:
    """By the comparison in order ab, or in order ba where only that one says the pair's verdict."""
    verdict = judged.verdict
    if verdict is None:
        return LeftOut("no verdict")
    if not judged.comparisons:
        return LeftOut("not compared")
    for order in Order:
        judgment = judged.comparison(order)
        if judgment is not None and judgment.verdict is verdict:
            return Compared(judged.pair, judgment, _by_slots(verdict, order))
    return LeftOut("no comparison says the settled verdict")


@dataclass(frozen=True, slots=True)
class Graded:
    """A response that was graded alone. `score` is on scale `to`, the judgment's own on scale `of`."""

    pair: Pair
    judgment: PointwiseJudgment
    of: Scale
    to: Scale
    score: int

    @property
    def response(self) -> str:
        return self.pair.response(self.judgment.response)

    @property
    def critique(self) -> str:
        return self.judgment.critique.strip()

    @property
    def converted(self) -> str:
        return note(self.judgment.score, self.score, self.of, self.to)


def graded(judged: JudgedPair, setting: Setting, to: Scale) -> Iterator[Graded | LeftOut]:
    """Both responses, each with its grade on scale `to`."""
    of = setting.scale_of(judged.pair)
    for side in Side:
        judgment = judged.grade(side)
        if judgment is None:
            yield LeftOut("not graded alone")
            continue
        score = converted(judgment.score, of, to)
        if score is None:
            yield LeftOut(f"score off the scale {of.name}")
        else:
            yield Graded(judged.pair, judgment, of, to, score)


def renamed(text: str, name: str, marks: tuple[str, str]) -> str:
    """ "Response 1" and "Response 2" under other names; "Responses 1 and 2", too."""
    mark = dict(zip("12", marks, strict=True))

    def called(match: re.Match[str]) -> str:
        return name if match[1] == "Response" else name.lower()

    text = _BOTH.sub(lambda found: f"{called(found)}s {mark[found[2]]}{found[3]}{mark[found[4]]}", text)
    return _ONE.sub(lambda found: f"{called(found)} {mark[found[2]]}", text)


def _by_slots(verdict: Verdict, order: Order) -> Verdict:
    if verdict is Verdict.TIE or order is Order.AB:
        return verdict
    return Verdict.B if verdict is Verdict.A else Verdict.A
