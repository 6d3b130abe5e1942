"""What an endpoint is shown and nobody else: read from the environment, held here, hidden wherever it is repeated."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from synth.teacher.call import CallError

_SHORTEST = 6  # "Bearer" is no secret
T = TypeVar("T")


class Credentials:
    """`key_env` names the variable with the key, `headers` those with the values of further headers."""

    def __init__(self, key_env: str, headers: Mapping[str, str] | None = None) -> None:
        self.key = os.environ.get(key_env, "")
        self.headers = {name: os.environ.get(variable, "") for name, variable in (headers or {}).items()}
        values = [self.key, *self.headers.values()]
        words = (word for value in values for word in value.split() if len(word) > _SHORTEST)
        self._hidden = sorted({*filter(None, values), *words}, key=len, reverse=True)

    def hide(self, outcome: T) -> T:
        """An error without the values and, of `Bearer abc...`, the token by itself; anything else as it is."""
        if not isinstance(outcome, CallError):
            return outcome
        message = outcome.message
        for secret in self._hidden:
            message = message.replace(secret, "[secret]")
        return replace(outcome, message=message)
