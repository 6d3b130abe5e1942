"""The one door to the openai client: a request goes out, a reply or an error comes back as a value."""

import os
import socket
from dataclasses import replace
from typing import Any, Literal

import openai

from synth.teacher.call import CallError, Reply, Request

ReplyMode = Literal["json_schema", "json_object", "text"]


class Client:
    """Calls one endpoint. `api_key_env` names the variable with the key; the key itself is kept nowhere else.

    Connection errors, timeouts, 408, 409, 429 and 5xx are tried again by the library, with jitter and as Retry-After
    says, `retries` times.
    """

    def __init__(self, base_url: str, api_key_env: str, timeout: float, retries: int) -> None:
        self.base_url = base_url
        self._timeout = timeout
        self._key = os.environ.get(api_key_env, "")
        self._openai = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=self._key or "none",
            timeout=timeout,
            max_retries=retries,
            http_client=openai.DefaultAioHttpClient(),
        )

    async def ask(self, request: Request, mode: ReplyMode) -> Reply | CallError:
        """Never raises. No message holds the key, whatever the endpoint echoes."""
        outcome = await self._ask(request, mode)
        if isinstance(outcome, CallError) and self._key:
            return replace(outcome, message=outcome.message.replace(self._key, "[key]"))
        return outcome

    async def _ask(self, request: Request, mode: ReplyMode) -> Reply | CallError:
        try:
            answer = await self._openai.chat.completions.create(**_arguments(request, mode))
            return _reply(answer)
        except openai.APIStatusError as error:
            return _status_error(error)
        except openai.APIConnectionError as error:  # timeouts too; a refused connection comes as one over aiohttp
            return CallError("transient", self._unreached(error))
        except Exception as error:  # whatever a broken endpoint sends must not end the other calls
            return CallError("transient", f"unreadable answer from {self.base_url}: {type(error).__name__}")

    def _unreached(self, error: openai.APIConnectionError) -> str:
        cause = _innermost(error)
        if isinstance(error, openai.APITimeoutError) and not isinstance(cause, ConnectionError | socket.gaierror):
            return f"no reply from {self.base_url} within {self._timeout:g} seconds"
        return f"cannot reach {self.base_url}: {str(cause) or type(cause).__name__}"

    async def close(self) -> None:
        await self._openai.close()


def _arguments(request: Request, mode: ReplyMode) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": role, "content": content} for role, content in request.messages],
        **{name: value for name, value in request.parameters.items() if value is not None},
    }
    if "max_completion_tokens" not in arguments:
        arguments.setdefault("max_tokens", request.max_tokens)
    known = ("model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "seed", "stop")
    extra = {name: arguments.pop(name) for name in list(arguments) if name not in known}
    if request.schema is not None and mode == "json_schema":
        extra["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "judgment", "schema": request.schema, "strict": True},
        }
    elif request.schema is not None and mode == "json_object":
        extra["response_format"] = {"type": "json_object"}
    return {**arguments, "extra_body": extra}


def _reply(answer: Any) -> Reply | CallError:
    choices = getattr(answer, "choices", None)
    if not choices:
        return CallError("transient", "the answer holds no choices")
    message, usage = choices[0].message, answer.usage
    refusal = getattr(message, "refusal", None)
    return Reply(
        text=_storable(message.content or refusal or ""),
        finish_reason="refusal" if refusal else str(choices[0].finish_reason or ""),
        input_tokens=int(usage.prompt_tokens or 0) if usage else 0,
        output_tokens=int(usage.completion_tokens or 0) if usage else 0,
        cached_tokens=_cached(usage),
    )


def _cached(usage: Any) -> int:
    cached = getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", 0)
    return cached if isinstance(cached, int) else 0


def _storable(text: str) -> str:
    """Half of a surrogate pair, which JSON can carry and no file, becomes the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _status_error(error: openai.APIStatusError) -> CallError:
    body = error.body if isinstance(error.body, dict) else {}
    words = str(body.get("message") or error.message).strip()
    said = f"{error.status_code}: {words}"
    if error.status_code in (401, 403, 404) or body.get("code") == "insufficient_quota":
        return CallError("endpoint", said)
    if error.status_code in (408, 409, 429) or error.status_code >= 500:
        return CallError("transient", said)
    return CallError("request", said)


def _innermost(error: BaseException) -> BaseException:
    while (deeper := error.__cause__ or error.__context__) is not None:
        error = deeper
    return error
