"""The Batch API through the openai client: files go up, batches are made and looked at, results come back as values.

Formats: https://platform.openai.com/docs/api-reference/batch (input, output and error lines, the batch's states).
"""

import json
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import openai
from openai.types import Batch as OpenAIBatch

from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import ReplyMode, body, reply, status_error
from synth.teacher.credentials import Credentials

_URL: Final = "/v1/chat/completions"
_NAME = "judgemill"  # the key of a batch's metadata under which its name stands
_ENDED = ("completed", "failed", "expired", "cancelled")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the provider tells it. `failure` are its words where it refused the whole of it.

    `files` hold the results: replies first, then errors. `crowded` where it was refused as too many tokens wait.
    """

    id: str
    name: str
    ended: bool
    files: tuple[str, ...]
    completed: int
    total: int
    failure: str = ""
    crowded: bool = False


class BatchClient:
    """Calls one endpoint's Batch API. Nothing here raises, and no message holds the key."""

    def __init__(self, base_url: str, credentials: Credentials, timeout: float, retries: int) -> None:
        self.base_url = base_url
        self._credentials = credentials
        self._openai = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=credentials.key or "none",
            default_headers=credentials.headers,
            timeout=timeout,
            max_retries=retries,
            http_client=openai.DefaultAioHttpClient(),
        )

    async def upload(self, name: str, content: bytes) -> str | CallError:
        """The file's id."""

        async def work() -> str:
            return (await self._openai.files.create(file=(f"{name}.jsonl", content), purpose="batch")).id

        return await self._valued(work)

    async def create(self, file: str, name: str) -> Batch | CallError:
        """One try: after a `transient` error the batch may have been made all the same."""

        async def work() -> Batch:
            batches = self._openai.with_options(max_retries=0).batches
            made = await batches.create(
                input_file_id=file, endpoint=_URL, completion_window="24h", metadata={_NAME: name}
            )
            return _batch(made)

        return await self._valued(work)

    async def look(self, batch: str) -> Batch | CallError:
        async def work() -> Batch:
            return _batch(await self._openai.batches.retrieve(batch))

        return await self._valued(work)

    async def named(self, name: str) -> Batch | CallError | None:
        """The batch of this name among all that the endpoint lists."""

        async def work() -> Batch | None:
            listed: AsyncIterable[OpenAIBatch] = self._openai.batches.list(limit=100)
            async for one in listed:
                if (one.metadata or {}).get(_NAME) == name:
                    return _batch(one)
            return None

        return await self._valued(work)

    async def results(self, file: str) -> list[tuple[str, Reply | CallError]] | CallError:
        """What became of the requests that the file tells of, by their custom_id, in the file's order."""

        async def work() -> bytes:
            return (await self._openai.files.content(file)).content

        content = await self._valued(work)
        if isinstance(content, CallError):
            return content
        return [(key, self._credentials.hide(outcome)) for key, outcome in _read(content.splitlines())]

    async def _valued(self, work: Callable[[], Awaitable[T]]) -> T | CallError:
        try:
            return await work()
        except openai.APIStatusError as error:
            return self._credentials.hide(status_error(error.status_code, error.body, error.message))
        except openai.APIConnectionError as error:  # timeouts too
            return CallError("transient", f"cannot reach {self.base_url}: {error.__cause__ or error}")
        except Exception as error:  # whatever a broken endpoint sends
            return CallError("transient", f"unreadable answer from {self.base_url}: {type(error).__name__}")

    async def close(self) -> None:
        await self._openai.close()


def line(request: Request, mode: ReplyMode) -> bytes:
    """A request as a line of an input file. Its key is the custom_id, which may have 64 characters."""
    one = {"custom_id": request.key, "method": "POST", "url": _URL, "body": body(request, mode)}
    return json.dumps(one).encode() + b"\n"


def _batch(made: OpenAIBatch) -> Batch:
    errors = (made.errors and made.errors.data) or []
    failed = made.status == "failed"
    counts = made.request_counts
    return Batch(
        id=made.id,
        name=(made.metadata or {}).get(_NAME, ""),
        ended=made.status in _ENDED,
        files=tuple(file for file in (made.output_file_id, made.error_file_id) if file),
        completed=counts.completed + counts.failed if counts else 0,
        total=counts.total if counts else 0,
        failure="; ".join(str(one.message or one.code) for one in errors[:3]) or "no reason given" if failed else "",
        crowded=failed and any(one.code == "token_limit_exceeded" for one in errors),
    )


def _read(lines: Iterable[bytes]) -> Iterable[tuple[str, Reply | CallError]]:
    """A line that cannot be read tells of no request: whose it was goes out again, as one that is missing."""
    for one in lines:
        try:
            row = json.loads(one)
            yield str(row["custom_id"]), _outcome(row)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            continue


def _outcome(row: dict[str, Any]) -> Reply | CallError:
    response, error = row.get("response"), row.get("error") or {}
    if not response:  # batch_expired, batch_cancelled: never run
        return CallError("transient", f"{error.get('code')}: {error.get('message')}")
    status, answer = int(response["status_code"]), response.get("body") or {}
    if status == 200:
        return reply(answer)
    said = answer.get("error") or {}
    return status_error(status, said, json.dumps(said or answer)[:200])
