"""Tokens of a call: as the endpoint reports them, estimated where it does not, and the most that they can come to."""

from dataclasses import dataclass
from math import ceil

from synth.teacher.call import Reply, Request

BYTES_A_TOKEN = 4  # of English prose and JSON, in the tokenizers of today


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a call. `cached_tokens` are those of the input that were read from the endpoint's cache.

    `reported` is False where the endpoint said nothing and the numbers are from the lengths of the texts.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    reported: bool = True


def size(request: Request) -> int:
    """Bytes of what is sent, the reply's schema with it: endpoints count it as input."""
    return sum(len(content.encode()) for _, content in request.messages) + len(request.schema.encode())


def used(request: Request, reply: Reply) -> Usage:
    """What a reply took."""
    if reply.input_tokens and (reply.output_tokens or not reply.text):
        return Usage(reply.input_tokens, reply.output_tokens, min(reply.cached_tokens, reply.input_tokens))
    return Usage(
        reply.input_tokens or tokens(size(request)),
        reply.output_tokens or tokens(len(reply.text.encode())),
        reported=False,
    )


def tokens(length: int) -> int:
    """The usual number of tokens in so many bytes."""
    return ceil(length / BYTES_A_TOKEN)


def most_output(request: Request) -> int:
    """The longest reply that the endpoint is allowed, in tokens."""
    limits = (request.parameters.get(name) for name in ("max_completion_tokens", "max_tokens"))
    return next((limit for limit in limits if isinstance(limit, int)), request.max_tokens)
