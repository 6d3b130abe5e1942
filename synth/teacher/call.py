"""What is asked of a teacher and what comes back, free of any client library."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal


@dataclass(frozen=True)
class Request:
    """One call. `sample` tells apart calls that ask the same thing more than once.

    `key` names what was asked, and only that: neither endpoint nor time nor the way JSON was asked for is in it.
    """

    model: str
    messages: tuple[tuple[str, str], ...]
    schema: dict[str, Any] | None = None
    max_tokens: int = 2048
    parameters: dict[str, Any] = field(default_factory=dict)
    sample: int = 0

    def record(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "messages": [{"role": role, "content": content} for role, content in self.messages],
            "schema": self.schema,
            "max_tokens": self.max_tokens,
            "parameters": self.parameters,
            "sample": self.sample,
        }

    @cached_property
    def key(self) -> str:
        """64 hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.record(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


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

    `endpoint`: no call will do (key, model, quota, unreachable). `request`: this call will not do, others may.
    `transient`: it might, later. `stopped`: it was not made, as the run was stopped.
    """

    kind: ErrorKind
    message: str
