"""The rounds in which the engine has prompts written: each waits for all its replies, as the next depends on them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from synth.errors import RunError
from synth.promptset.screen import Objection
from synth.promptset.writing import Reply, Wanted
from synth.run import tables
from synth.run.engine import Engine
from synth.run.judging import refuse_missing
from synth.run.prepare import Prepared
from synth.run.progress_line import follow
from synth.run.prompting.asks import Asks
from synth.run.responding.writing import question
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
        folder, number = self._prepared.folder, len(self.calls) + 1
        questions, brought = folder.work / f"asks-{number}.parquet", folder.work / f"written-{number}"
        tables.write(questions, tables.QUESTIONS, map(self._question, wanted))
        job: dict[str, Any] = {
            "stage": "responding",
            "name": f"judgemill-{self._prepared.config.name}-prompts-{number}",
            "questions": str(questions.resolve()),
            "responses": str(brought.resolve()),
            "cache": str((folder.work / f"distilabel-prompts-{number}").resolve()),
            "log": str(folder.engine_log.resolve()),
            "pools": [for_engine(self._prepared, self._answering(), folder.work / f"progress-prompts-{number}.json")],
        }
        self._engine.begin(job, folder.work / f"job-prompts-{number}.json")
        self.calls.append(
            follow(self._engine, job["pools"][0], len(wanted), doing="writing prompts", quiet=self._quiet)
        )
        found = sorted(brought.glob("*.parquet"))
        self.tables += found
        if (count := sum(map(tables.count, found))) != len(wanted):
            raise RunError(f"the engine brought {count} of {len(wanted)} prompts; see {folder.engine_log}")
        refuse_missing(found, len(wanted), "calls for prompts")
        for one, row in zip(wanted, tables.read_all(found), strict=True):
            if row["id"] != one.slot.id:
                raise RunError(f"the engine mixed up its rows at '{one.slot.id}'; this is a bug, please report it")
            if row["error_kind"]:
                yield Objection("call failed", row["error"])
            else:
                yield self._asks.read(row["text"], row["finish_reason"])

    def _question(self, wanted: Wanted) -> dict[str, Any]:
        return question(wanted.slot.id, wanted.slot.number, 0, self._asks.request(wanted))

    def _answering(self) -> Teacher:
        """The model that writes, which starts with the first round where it is a local one that is not the teacher."""
        if self._writer is None:
            teacher, settings = self._teacher, self._asks.writer
            if self._prepared.local and teacher.settings.model == settings.model:
                self._writer = Teacher(teacher.model, teacher.addresses, teacher.slots, {}, settings)
            else:
                log = self._prepared.folder.work / "writer.log"
                self._writer = self._running.enter_context(answering(self._prepared, settings, {}, log))
        return self._writer
