"""The rounds in which the engine has prompts written: each waits for all its replies, as the next depends on them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from synth.promptset.screen import Objection
from synth.promptset.writing import Reply, Wanted
from synth.run import tables
from synth.run.engine import Engine
from synth.run.judging import refuse_missing
from synth.run.prepare import Prepared
from synth.run.prompting.asks import Asks
from synth.run.responding.writing import (
    Writing,
    answers_of,
    put_to_engine,
    question,
    running_teacher,
    the_answer,
)
from synth.run.teacher import Teacher, answering, for_engine
from synth.teacher.progress import Counts


class Rounds:
    """`calls` are the counts of each round, `tables` what the engine brought."""

    def __init__(
        self, prepared: Prepared, asks: Asks, teacher: Teacher, engine: Engine, running: ExitStack, *, quiet: bool
    ) -> None:
        self.calls: list[Counts] = []
        self.tables: list[Path] = []
        self._prepared, self._asks, self._teacher, self._engine = prepared, asks, teacher, engine
        self._running, self._quiet = running, quiet
        self._writer: Teacher | None = None

    def ask(self, wanted: Sequence[Wanted]) -> Iterator[Reply]:
        """Raises RunError where calls were not made. A call that failed for good is an objection."""
        folder, name = self._prepared.folder, f"prompts-{len(self.calls) + 1}"
        one = Writing(folder, name, "writing prompts", [self._asks.writer])
        tables.write(one.questions, tables.QUESTIONS, map(self._question, wanted))
        pool = for_engine(self._prepared, self._answering(), folder.work / f"progress-{name}.json")
        self.calls.append(put_to_engine(self._prepared, one, [pool], self._engine, quiet=self._quiet))
        self.tables += one.tables
        refuse_missing(one.tables, len(wanted), "calls for prompts")
        answers = answers_of(one)
        for each in wanted:
            row = the_answer(answers, each.slot.id, each.slot.number)
            if row["error_kind"]:
                yield Objection("call failed", row["error"])
            else:
                yield self._asks.read(row["text"], row["finish_reason"])

    def _question(self, wanted: Wanted) -> dict[str, Any]:
        return question(wanted.slot.id, wanted.slot.number, 0, self._asks.request(wanted))

    def _answering(self) -> Teacher:
        """The model that writes, which starts with the first round where it is a local one that is not the teacher."""
        if self._writer is None:
            settings, log = self._asks.writer, self._prepared.folder.work / "writer.log"
            self._writer = running_teacher(self._prepared, settings, self._teacher) or self._running.enter_context(
                answering(self._prepared, settings, {}, log)
            )
        return self._writer
