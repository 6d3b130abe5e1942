"""`TeacherLLM`: an LLM for any distilabel pipeline that loses no reply, pays for none twice and raises nothing."""

import os
from pathlib import Path
from typing import Any, Literal

from distilabel.constants import SIGINT_HANDLER_CALLED_ENV_NAME
from distilabel.models.llms.base import AsyncLLM
from distilabel.typing import FormattedInput, GenerateOutput
from pydantic import PrivateAttr

from synth.teacher.batch import BatchTeacher
from synth.teacher.batch_client import BatchClient
from synth.teacher.call import CallError, Request
from synth.teacher.client import Client, ReplyMode
from synth.teacher.journal import Journal
from synth.teacher.ledger import Ledger
from synth.teacher.progress import Progress
from synth.teacher.teacher import Teacher


class TeacherLLM(AsyncLLM):
    """Any OpenAI-compatible endpoint, with a journal of calls on disk.

    Give it a large `input_batch_size` in the task (a whole set, or some 20,000 rows) and one replica: distilabel waits
    for the slowest call of a batch before it starts the next, so the concurrency is here, in `slots`.

    Every generation comes with these extra columns, named `llm_<step>_<name>` by distilabel, of constant types:
    `error` (empty where there is a reply), `error_kind`, `finish_reason`.

    Attributes:
        model: the model as the endpoint names it.
        base_url: the endpoint's address, ending in /v1 as a rule.
        api_key_env: the environment variable that holds the key. The key is not an attribute: distilabel writes those
            to pipeline.yaml.
        journal: the folder of the journal. Replies found there are not asked for again.
        progress: a file for the counts of calls, or empty.
        reply_mode: how JSON is asked for; `auto` finds out with the first call.
        mode: `live`, or `batch` for the Batch API: half the price, answers within a day.
    """

    model: str
    base_url: str
    api_key_env: str = "OPENAI_API_KEY"
    journal: str
    progress: str = ""
    slots: int = 32
    timeout: float = 600
    retries: int = 4
    max_tokens: int = 2048
    parameters: dict[str, Any] = {}
    reply_mode: str = "auto"
    mode: Literal["live", "batch"] = "live"

    _teacher: Teacher | BatchTeacher | None = PrivateAttr(default=None)

    @property
    def model_name(self) -> str:
        return self.model

    def load(self) -> None:
        super().load()
        modes: dict[str, ReplyMode] = {"json_schema": "json_schema", "json_object": "json_object", "text": "text"}
        journal = Journal(Path(self.journal))
        progress = Progress(Path(self.progress) if self.progress else None)
        if self.mode == "batch":
            self._teacher = BatchTeacher(
                BatchClient(self.base_url, self.api_key_env, self.timeout, self.retries),
                journal,
                Ledger(Path(self.journal)),
                progress,
                retries=self.retries,
                mode=modes.get(self.reply_mode),
                stopped=_interrupted,
            )
            return
        self._teacher = Teacher(
            Client(self.base_url, self.api_key_env, self.timeout, self.retries),
            journal,
            progress,
            slots=self.slots,
            mode=modes.get(self.reply_mode),
            stopped=_interrupted,
        )

    def unload(self) -> None:
        if self._teacher is not None:
            self.event_loop.run_until_complete(self._teacher.close())
            self._teacher = None

    async def agenerate(self, input: FormattedInput, num_generations: int = 1) -> GenerateOutput:
        """Ask `num_generations` times. `input` is a chat, or a chat and `{"format": "json", "schema": ...}`."""
        assert self._teacher is not None, "load() comes first"
        chat, output = input if isinstance(input, tuple) else (input, {})
        messages = tuple((str(turn["role"]), str(turn["content"])) for turn in chat)
        outcomes = [
            await self._teacher.ask(
                Request(self.model, messages, output.get("schema"), self.max_tokens, self.parameters, sample)
            )
            for sample in range(num_generations)
        ]
        return {
            "generations": [None if isinstance(one, CallError) else one.text for one in outcomes],
            "statistics": {
                "input_tokens": [0 if isinstance(one, CallError) else one.input_tokens for one in outcomes],
                "output_tokens": [0 if isinstance(one, CallError) else one.output_tokens for one in outcomes],
            },
            "error": [one.message if isinstance(one, CallError) else "" for one in outcomes],
            "error_kind": [str(one.kind) if isinstance(one, CallError) else "" for one in outcomes],
            "finish_reason": ["" if isinstance(one, CallError) else one.finish_reason for one in outcomes],
        }


def _interrupted() -> bool:
    """distilabel's worker sets this variable in its SIGINT handler."""
    return SIGINT_HANDLER_CALLED_ENV_NAME in os.environ
