"""`TeacherLLM`: an LLM for any distilabel pipeline that loses no reply, pays for none twice and raises nothing."""

import os
from pathlib import Path
from typing import Any

from distilabel.constants import SIGINT_HANDLER_CALLED_ENV_NAME
from distilabel.models.llms.base import AsyncLLM
from distilabel.typing import FormattedInput, GenerateOutput
from pydantic import PrivateAttr

from synth.asking import Terms
from synth.teacher.budget import Budget
from synth.teacher.call import CallError
from synth.teacher.client import Client, ReplyMode
from synth.teacher.journal import Journal
from synth.teacher.prices import price
from synth.teacher.progress import Progress
from synth.teacher.teacher import Teacher
from synth.teacher.usage import Usage, used


class TeacherLLM(AsyncLLM):
    """Any OpenAI-compatible endpoint, with a journal of calls on disk.

    Give it a large `input_batch_size` in the task (a whole set, or some 20,000 rows) and one replica: distilabel waits
    for the slowest call of a batch before it starts the next, so the concurrency is here, in `slots`.

    Every generation comes with these extra columns, named `llm_<step>_<name>` by distilabel, of constant types:
    `error` (empty where there is a reply), `error_kind`, `finish_reason`, `call` (the journal's key), `input_tokens`,
    `cached_tokens` (of the input), `output_tokens`, `usage_reported` (whether the endpoint said so; else estimates).

    Attributes:
        model: the model as the endpoint names it.
        base_url: the endpoint's address, ending in /v1 as a rule.
        api_key_env: the environment variable that holds the key. The key is not an attribute: distilabel writes those
            to pipeline.yaml.
        journal: the folder of the journal. Replies found there are not asked for again.
        progress: a file for the counts of calls, or empty.
        reply_mode: how JSON is asked for; `auto` finds out with the first call.
        budget_usd: no call is made that could bring the cost of the journal above it. Needs a price.
        prices: your own, in USD a million tokens (`input`, `output`, perhaps `cached_input`), in place of the known
            price of the model at the endpoint.
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
    budget_usd: float | None = None
    prices: dict[str, float | None] = {}

    _teacher: Teacher | None = PrivateAttr(default=None)

    @property
    def model_name(self) -> str:
        return self.model

    def load(self) -> None:
        super().load()
        modes: dict[str, ReplyMode] = {"json_schema": "json_schema", "json_object": "json_object", "text": "text"}
        journal = Journal(Path(self.journal))
        budget = Budget(price(self.model, self.base_url, self.prices), self.budget_usd)
        self._teacher = Teacher(
            Client(self.base_url, self.api_key_env, self.timeout, self.retries),
            journal,
            Progress(Path(self.progress) if self.progress else None),
            slots=self.slots,
            mode=modes.get(self.reply_mode),
            budget=budget.begin_after(journal.calls()),
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
        terms = Terms(self.model, self.max_tokens, self.parameters)
        requests = [terms.request(messages, output.get("schema"), sample) for sample in range(num_generations)]
        outcomes = [await self._teacher.ask(request) for request in requests]
        usage = [
            Usage(0, 0) if isinstance(one, CallError) else used(request, one)
            for request, one in zip(requests, outcomes, strict=True)
        ]
        return {
            "generations": [None if isinstance(one, CallError) else one.text for one in outcomes],
            "statistics": {
                "input_tokens": [one.input_tokens for one in usage],
                "output_tokens": [one.output_tokens for one in usage],
            },
            "error": [one.message if isinstance(one, CallError) else "" for one in outcomes],
            "error_kind": [str(one.kind) if isinstance(one, CallError) else "" for one in outcomes],
            "finish_reason": ["" if isinstance(one, CallError) else one.finish_reason for one in outcomes],
            "call": [request.key for request in requests],
            "input_tokens": [one.input_tokens for one in usage],
            "cached_tokens": [one.cached_tokens for one in usage],
            "output_tokens": [one.output_tokens for one in usage],
            "usage_reported": [one.reported for one in usage],
        }


def _interrupted() -> bool:
    """distilabel's worker sets this variable in its SIGINT handler."""
    return SIGINT_HANDLER_CALLED_ENV_NAME in os.environ
