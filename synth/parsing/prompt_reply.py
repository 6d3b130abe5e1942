"""A prompt that a model wrote, read from its reply. Total, and never guessing."""

from dataclasses import dataclass

from synth.domain import ParseFailure
from synth.parsing.json_reply import read_object
from synth.parsing.schema import Schema


@dataclass(frozen=True, slots=True)
class WrittenPrompt:
    """A prompt, and who is meant to have written it and what for."""

    situation: str
    prompt: str


def parse_prompt(reply: str, schema: Schema) -> WrittenPrompt | ParseFailure:
    found = read_object(reply, schema)
    if isinstance(found, ParseFailure):
        return found
    if not found["prompt"].strip():
        return ParseFailure("the prompt is empty", reply)
    return WrittenPrompt(found["situation"], found["prompt"].strip())
