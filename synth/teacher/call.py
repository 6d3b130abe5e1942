"""What is asked of a teacher and what comes back, free of any client library."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal


@dataclass(frozen=True)
class Request:
    """One call. `schema` is the text of a JSON Schema that the reply is asked to obey, or empty. `sample` tells apart
    calls that ask the same thing more than once.

    `key` names what was asked, and only that: neither endpoint nor time nor the way JSON was asked for is in it.
    """

    model: str
    messages: tuple[tuple[str, str], ...]
    schema: str = ""
    max_tokens: int = 2048
    parameters: dict[str, Any] = field(default_factory=dict)
    sample: int = 0

    @cached_property
    def key(self) -> str:
        """64 hexadecimal digits."""
        asked = {
            "model": self.model,
            "messages": [(role, digest(content)) for role, content in self.messages],
            "schema": digest(self.schema),
            "max_tokens": self.max_tokens,
            "parameters": self.parameters,
            "sample": self.sample,
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=256)
def digest(text: str) -> str:
    """64 hexadecimal digits. System messages and schemas are the same in call after call."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the endpoint answered. Tokens are 0 where it does not say; cached ones are part of the input."""

    text: str
    finish_reason: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0


ErrorKind = Literal["endpoint", "request", "transient", "stopped"]


@dataclass(frozen=True, slots=True)
class CallError:
    """A call without an answer, as a value.

    `endpoint`: no call will do (key, model, quota). `request`: this call will not do, others may. `transient`: it
    might, later. `stopped`: it was not made, as the run was stopped. `throttled` where the endpoint said that it has
    too many calls; `retry_after` are the seconds that it asked to be left alone.
    """

    kind: ErrorKind
    message: str
    throttled: bool = False
    retry_after: float | None = None
