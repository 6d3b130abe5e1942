"""Reads the prompts of the benchmarks that a config names."""

from collections.abc import Iterator
from pathlib import Path

from filters.contaminated import Contaminated
from synth.errors import ConfigError, meant
from synth.rows.columns import prompt
from synth.rows.read import BadRow, read


def loaded(one: Contaminated, base: Path) -> Contaminated:
    """Paths are relative to `base`. Raises ConfigError for a benchmark that cannot be read."""
    if not one.benchmarks:
        raise ConfigError(
            "filters: contaminated names no benchmarks; write {contaminated: {benchmarks: [FILE OR HUB ID]}}"
        )
    return one.against(text for name in one.benchmarks for text in _prompts(name, one, base))


def _prompts(name: str, one: Contaminated, base: Path) -> Iterator[str]:
    for row in read(name, base, one.split):
        if isinstance(row, BadRow):
            raise ConfigError(f"filters: contaminated: {row.place}: {row.problem}")
        if one.column not in row.values:
            known = list(row.values)
            raise ConfigError(
                f"filters: contaminated: {row.place} has no column {one.column!r}; {meant(one.column, known)}"
                f"set `column` to one of {', '.join(known)}"
            )
        try:
            yield from (message.content for message in prompt(row.values[one.column]))
        except (TypeError, KeyError) as error:
            raise ConfigError(
                f"filters: contaminated: {row.place}: {one.column!r} is neither text nor a list of {{role, content}}"
            ) from error
