"""`TeacherLLM`: an LLM for any distilabel pipeline that loses no reply, pays for none twice and raises nothing."""

import os
import sys
from pathlib import Path
from typing import Any, Literal

from distilabel.constants import SIGINT_HANDLER_CALLED_ENV_NAME
from distilabel.models.llms.base import AsyncLLM
from distilabel.typing import FormattedInput, GenerateOutput
from pydantic import PrivateAttr

from synth.asking import Terms
from synth.parsing.schema import Schema
from synth.teacher.batch import BatchTeacher
from synth.teacher.batch_client import BatchClient
from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Request
from synth.teacher.client import Client, ReplyMode
from synth.teacher.credentials import Credentials
from synth.teacher.endpoints import Endpoint
from synth.teacher.journal import Journal
from synth.teacher.ledger import Ledger
from synth.teacher.prices import Price, price
from synth.teacher.progress import Progress
from synth.teacher.teacher import Teacher
from synth.teacher.usage import Usage, used

# What a generation comes with beside its text, and what stands there where none was asked for.
ANSWER: dict[str, Any] = {
    "error": "",
    "error_kind": "",
    "finish_reason": "",
    "call": "",
    "input_tokens": 0,
    "cached_tokens": 0,
    "output_tokens": 0,
    "usage_reported": False,
}


class TeacherLLM(AsyncLLM):
    """Any OpenAI-compatible endpoint, with a journal of calls on disk.

    Give it a large `input_batch_size` in the task (a whole set, or some 20,000 rows) and one replica: distilabel waits
    for the slowest call of a batch before it starts the next, so the concurrency is here, in `slots`.

    Every generation comes with these extra columns, named `llm_<step>_<name>` by distilabel, of constant types:
    `error` (empty where there is a reply), `error_kind`, `finish_reason`, `call` (the journal's key), `input_tokens`,
    `cached_tokens` (of the input), `output_tokens`, `usage_reported` (whether the endpoint said so; else estimates).

    Attributes:
        model: the model as the endpoint names it.
        base_url: the endpoint's address, ending in /v1 as a rule; or several, which share the work.
        api_key_env: the environment variable that holds the key. The key is not an attribute: distilabel writes those
            to pipeline.yaml.
        journal: the folder of the journal. Replies found there are not asked for again.
        previous: the folder of an earlier run's journal, or empty. Replies found there are not asked for either.
        progress: a file for the counts of calls, or empty.
        slots: calls in flight at once, of each address; so are the requests and tokens a minute.
        retries: how often what may pass is tried again.
        max_failing: no more calls are made when more than this share of the last hundred failed for good.
        headers: further headers, and the environment variables with their values.
        reply_mode: how JSON is asked for; `auto` finds out with the first call.
        budget_usd: no call is made that could bring the cost of the journal above it. Needs a price.
        prices: your own, in USD a million tokens (`input`, `output`, perhaps `cached_input`), in place of the known
            price of the model at the endpoint.
        other_prices: prices of models whose calls are in the journal too (model -> `Price.record()`, None where it is
            not known): a budget counts them, and calls of models that stand nowhere at this one's price.
        mode: `live`, or `batch` for the Batch API: half the price, answers within a day.
        stop: a file, or empty; once it is there, no more calls are made.
    """

    model: str
    base_url: str | list[str]
    api_key_env: str = "OPENAI_API_KEY"
    journal: str
    previous: str = ""
    progress: str = ""
    slots: int = 32
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    timeout: float = 600
    retries: int = 4
    max_failing: float = 0.25
    headers: dict[str, str] = {}
    max_tokens: int = 2048
    parameters: dict[str, Any] = {}
    reply_mode: str = "auto"
    budget_usd: float | None = None
    prices: dict[str, float | None] = {}
    other_prices: dict[str, Any] = {}
    mode: Literal["live", "batch"] = "live"
    stop: str = ""

    _teacher: Teacher | BatchTeacher | None = PrivateAttr(default=None)
    _progress: Progress | None = PrivateAttr(default=None)

    @property
    def model_name(self) -> str:
        return self.model

    @property
    def most_at_once(self) -> int:
        """How many questions are worth having open: those in the slots, and as many that wait for one; for the Batch
        API all of them."""
        if self.mode == "batch":
            return sys.maxsize
        return 2 * self.slots * len(self.addresses) + 8

    @property
    def addresses(self) -> list[str]:
        return [self.base_url] if isinstance(self.base_url, str) else self.base_url

    def load(self) -> None:
        super().load()
        self.open(*self.shared())

    def shared(self) -> tuple[Journal, Progress, Budget]:
        """What several LLMs in one process share, and with it the cap; what the journal's calls cost is spent."""
        journal, budget = self.own_journal(), self.prices_and_cap()
        budget.begin_after(journal.paid() if self.budget_usd is not None else ())
        return journal, Progress(Path(self.progress) if self.progress else None), budget

    def own_journal(self) -> Journal:
        return Journal(Path(self.journal), Journal(Path(self.previous)) if self.previous else None)

    def prices_and_cap(self) -> Budget:
        """With nothing spent."""
        known = price(self.model, self.addresses, self.prices, batch=self.mode == "batch")
        others = {model: Price.of(one) if one else None for model, one in self.other_prices.items()}
        return Budget(known, self.budget_usd, others)

    def open(self, journal: Journal, progress: Progress, budget: Budget) -> None:
        """What `load` does with what is shared."""
        self._progress = progress
        if self.mode == "batch":
            self._teacher = BatchTeacher(
                BatchClient(self.addresses[0], self._credentials, self.timeout, self.retries),
                journal,
                Ledger(Path(self.journal)),
                progress,
                budget=budget,
                retries=self.retries,
                mode=self.mode_of_replies,
                stopped=self.is_stopped,
            )
            return
        self._teacher = Teacher.alone(
            [Endpoint(client, self.slots, **self.rates) for client in self.clients()],
            journal,
            progress,
            budget=budget,
            retries=self.retries,
            max_failing=self.max_failing,
            mode=self.mode_of_replies,
            stopped=self.is_stopped,
        )

    def clients(self) -> list[Client]:
        """One of each address."""
        return [Client(address, self._credentials, self.timeout) for address in self.addresses]

    @property
    def _credentials(self) -> Credentials:
        return Credentials(self.api_key_env, self.headers)

    @property
    def rates(self) -> dict[str, float | None]:
        """Of each address."""
        return {"requests_per_minute": self.requests_per_minute, "tokens_per_minute": self.tokens_per_minute}

    @property
    def mode_of_replies(self) -> ReplyMode | None:
        """None where the first call is to find out."""
        modes: dict[str, ReplyMode] = {"json_schema": "json_schema", "json_object": "json_object", "text": "text"}
        return modes.get(self.reply_mode)

    def tell(self, looked_at: int, kept: int) -> None:
        """Have the progress say how many pairs were looked at, and kept."""
        if self._progress is not None:
            self._progress.counts.looked_at, self._progress.counts.kept = looked_at, kept

    def unload(self) -> None:
        self.event_loop.run_until_complete(self.close())

    async def close(self) -> None:
        if self._teacher is not None:
            await self._teacher.close()
            self._teacher = None

    def is_stopped(self) -> bool:
        """Whether somebody stopped the run. distilabel's worker sets the variable in its SIGINT handler."""
        return SIGINT_HANDLER_CALLED_ENV_NAME in os.environ or bool(self.stop and Path(self.stop).exists())

    async def agenerate(self, input: FormattedInput, num_generations: int = 1, sample: int = 0) -> GenerateOutput:
        """Ask `num_generations` times. `input` is a chat, or a chat and `{"format": "json", "schema": ...}`.

        `sample` tells apart calls that ask the same more than once: it is that of the first of these.
        """
        chat, output = input if isinstance(input, tuple) else (input, {})
        messages = tuple((str(turn["role"]), str(turn["content"])) for turn in chat)
        terms = Terms(self.model, self.max_tokens, self.parameters)
        schema = output.get("schema")
        schema = schema if schema is None or isinstance(schema, Schema) else Schema(schema)
        numbers = range(sample, sample + num_generations)
        return await self.answers([terms.request(messages, schema, number) for number in numbers])

    async def answers(self, requests: list[Request]) -> GenerateOutput:
        """Ask one after another. Never raises."""
        assert self._teacher is not None, "load() comes first"
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
