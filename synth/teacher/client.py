"""The one door to the openai client: a request goes out, a reply or an error comes back as a value."""

import json
import socket
import time
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Literal

import openai

from synth.teacher.call import CallError, Reply, Request
from synth.teacher.credentials import Credentials

ReplyMode = Literal["json_schema", "json_object", "text"]
_LONGEST_WAIT = 3600.0


class Client:
    """Calls one endpoint, once a call: who calls decides about trying again."""

    def __init__(self, base_url: str, credentials: Credentials, timeout: float) -> None:
        self.base_url = base_url
        self._timeout = timeout
        self._credentials = credentials
        self._openai = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=credentials.key or "none",
            timeout=timeout,
            max_retries=0,
            default_headers=credentials.headers,
            http_client=openai.DefaultAioHttpClient(),
        )

    async def ask(self, request: Request, mode: ReplyMode) -> Reply | CallError:
        """Never raises. No message holds a secret, whatever the endpoint echoes."""
        return self._credentials.hide(await self._ask(request, mode))

    async def _ask(self, request: Request, mode: ReplyMode) -> Reply | CallError:
        try:
            # The plain request of the library: its typed one spends three times as long on a call.
            answer = await self._openai.post("/chat/completions", cast_to=object, body=body(request, mode))
            return reply(answer)
        except openai.APIStatusError as error:
            failed = status_error(error.status_code, error.body, error.message, error.response.headers)
            lost = error.status_code == 404 and "/v" not in self.base_url
            return replace(failed, message=f"{failed.message} ({self._no_version()})") if lost else failed
        except openai.APIConnectionError as error:  # timeouts too; a refused connection comes as one over aiohttp
            return CallError("transient", self._unreached(error))
        except Exception as error:  # whatever a broken endpoint sends must not end the other calls
            return CallError("transient", f"unreadable answer from {self.base_url}: {type(error).__name__}")

    def _unreached(self, error: openai.APIConnectionError) -> str:
        cause = _innermost(error)
        if isinstance(error, openai.APITimeoutError) and not isinstance(cause, ConnectionError | socket.gaierror):
            return f"no reply from {self.base_url} within {self._timeout:g} seconds"
        return f"cannot reach {self.base_url}: {str(cause) or type(cause).__name__}"

    def _no_version(self) -> str:
        return f"{self.base_url.rstrip('/')}/chat/completions was asked; as a rule a base_url ends in /v1"

    async def close(self) -> None:
        await self._openai.close()


def body(request: Request, mode: ReplyMode) -> dict[str, Any]:
    """The JSON of a chat completion request."""
    made: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": role, "content": content} for role, content in request.messages],
        **{name: value for name, value in request.parameters.items() if value is not None},
    }
    if "max_completion_tokens" not in made:
        made.setdefault("max_tokens", request.max_tokens)
    if request.schema and mode == "json_schema":
        schema = {"name": "judgment", "schema": _parsed(request.schema), "strict": True}
        made["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif request.schema and mode == "json_object":
        made["response_format"] = {"type": "json_object"}
    return made


@lru_cache(maxsize=256)
def _parsed(schema: str) -> Any:
    return json.loads(schema)


def reply(answer: Any) -> Reply | CallError:
    """From the JSON of a chat completion."""
    choices = answer.get("choices") if isinstance(answer, dict) else None
    if not choices:
        return CallError("transient", "the answer holds no choices")
    message, usage = choices[0]["message"], answer.get("usage") or {}
    refusal = message.get("refusal")
    return Reply(
        text=_storable(message.get("content") or refusal or ""),
        finish_reason="refusal" if refusal else _storable(str(choices[0].get("finish_reason") or "")),
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
        cached_tokens=_count((usage.get("prompt_tokens_details") or {}).get("cached_tokens")),
    )


def _count(tokens: Any) -> int:
    """Nothing where it cannot be a count: a negative one would hand money back to the budget."""
    return int(tokens) if isinstance(tokens, int | float) and 0 <= tokens < 2**31 else 0


def _storable(text: str) -> str:
    """Half of a surrogate pair, which JSON can carry and no file, becomes the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def status_error(status: int, body: object, message: str, headers: Mapping[str, str] | None = None) -> CallError:
    """`body` is the provider's error object, whose words are better than `message`."""
    fields = body if isinstance(body, dict) else {}
    said = f"{status}: {' '.join(str(fields.get('message') or message).split())}"
    retry_after = _retry_after(headers or {})
    if status in (401, 402, 403, 404) or "insufficient_quota" in (fields.get("code"), fields.get("type")):
        return CallError("endpoint", said)
    if status in (429, 503, 529):
        return CallError("transient", said, throttled=True, retry_after=retry_after)
    if status in (408, 409, 425) or status >= 500:
        return CallError("transient", said, retry_after=retry_after)
    return CallError("request", said)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from the header with milliseconds that OpenAI sends, or from RFC 9110's: seconds or a date.

    None where it is none of them. An hour at the most: an endpoint that says "in a year" would end the run unsaid.
    """
    milliseconds, told = headers.get("retry-after-ms"), headers.get("retry-after")
    for said, seconds in ((milliseconds, _thousandths), (told, float), (told, _until)):
        try:
            return min(max(0.0, seconds(said or "")), _LONGEST_WAIT)
        except (ValueError, OverflowError):
            continue
    return None


def _thousandths(number: str) -> float:
    return float(number) / 1000


def _until(date: str) -> float:
    return parsedate_to_datetime(date).timestamp() - time.time()


def _innermost(error: BaseException) -> BaseException:
    while (deeper := error.__cause__ or error.__context__) is not None:
        error = deeper
    return error
