"""From rows to pairs: what each column must hold, and which pairs are set aside before anything is judged."""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from synth.domain import Message, Pair, Prompt, Verdict
from synth.errors import ConfigError, meant
from synth.rows.columns import INPUT, NEEDED
from synth.rows.read import BadRow, Row, as_json
from synth.scenario import Catalogue

_ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is not judged, and why. Where it could not be read `pair` is None, and `raw` is what stood there."""

    number: int
    reason: str
    detail: str
    pair: Pair | None = None
    raw: str = ""


class _ValueProblemError(ValueError):
    """What is wrong with one value of a row."""


def pairs(
    rows: Iterable[Row | BadRow],
    columns: Mapping[str, str],
    catalogue: Catalogue,
    *,
    skip_bad_rows: bool,
) -> Iterator[Pair | SetAside]:
    """Each row becomes a pair, or is set aside with its reason.

    `columns` maps our names to the data's. Set aside are rows that cannot be read (where `skip_bad_rows`; else they
    raise), pairs of identical responses, and pairs that repeat an earlier one in either order. The scenario of a row
    that names none is empty.
    Raises ConfigError for an absent column, a duplicate id, an unknown scenario, or a bad row.
    """
    seen_ids: dict[str, str] = {}
    seen_pairs: dict[bytes, str] = {}
    checked = False
    for row in rows:
        if isinstance(row, Row) and not checked:
            _check_columns(row, columns)
            checked = True
        read = _read(row, columns, catalogue) if isinstance(row, Row) else row
        if isinstance(read, BadRow):
            if not skip_bad_rows:
                raise ConfigError(f"{read.place}: {read.problem}; mend it, or set `data: {{bad_rows: skip}}`")
            yield SetAside(read.number, "unreadable row", f"{read.place}: {read.problem}", raw=read.raw)
            continue
        digest = pair_key(read)
        pair = read if read.id else replace(read, id=digest.hex()[:16])
        if read.id:
            if read.id in seen_ids:
                raise ConfigError(f"{row.place}: id {read.id!r} stands already at {seen_ids[read.id]}; ids are unique")
            seen_ids[read.id] = row.place
        if pair.response_a == pair.response_b:
            yield SetAside(row.number, "identical responses", "there is nothing to compare", pair)
        elif digest in seen_pairs:
            yield SetAside(row.number, "repeated pair", f"the same pair as {seen_pairs[digest]!r}", pair)
        else:
            seen_pairs[digest] = pair.id
            yield pair


def prompt_key(prompt: Prompt) -> str:
    """The same for prompts that differ in white space and case only; what stays together in splits."""
    text = json.dumps([[turn.role, " ".join(turn.content.split()).casefold()] for turn in prompt], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def pair_key(pair: Pair) -> bytes:
    """The same for a pair and its swap, and for prompts as `prompt_key` has it."""
    parts = [prompt_key(pair.prompt), *sorted((pair.response_a, pair.response_b))]
    return hashlib.sha256(json.dumps(parts).encode()).digest()


def _read(row: Row, columns: Mapping[str, str], catalogue: Catalogue) -> Pair | BadRow:
    values = row.values
    for ours in NEEDED:
        if columns.get(ours, ours) not in values:
            raise _absent(ours, columns, row)
    found = {ours: values.get(columns.get(ours, ours)) for ours in INPUT}
    try:
        pair = Pair(
            id=_text(found, "id", number=True),
            prompt=_prompt(found["prompt"]),
            response_a=_response(found, "response_a"),
            response_b=_response(found, "response_b"),
            scenario=_text(found, "scenario"),
            reference=_text(found, "reference"),
            model_a=_text(found, "model_a"),
            model_b=_text(found, "model_b"),
            human_label=_label(found["human_label"]) or _majority(_labels(found["human_labels"])),
            source=_text(found, "source"),
            human_labels=_labels(found["human_labels"]),
        )
    except _ValueProblemError as error:
        return BadRow(row.number, row.place, str(error), as_json(dict(values)))
    if pair.scenario and pair.scenario not in catalogue:
        try:
            catalogue.get(pair.scenario)
        except ConfigError as error:
            raise ConfigError(f"{row.place}: {error}") from error
    return pair


def _check_columns(first: Row, columns: Mapping[str, str]) -> None:
    """A column that the config maps must stand in the first row that can be read; later rows may leave it out."""
    for ours, theirs in columns.items():
        if theirs not in first.values:
            raise _absent(ours, columns, first)


def _absent(ours: str, columns: Mapping[str, str], row: Row) -> ConfigError:
    theirs = columns.get(ours, ours)
    taken = {columns.get(other, other) for other in INPUT}
    near = meant(theirs, (name for name in row.values if name not in taken))
    return ConfigError(
        f"{row.place}: no column {theirs!r} for {ours}; {near}the row has {', '.join(map(repr, row.values))}; "
        f"map it in the config with `data: {{columns: {{{ours}: ...}}}}`"
    )


def _is_missing(value: Any) -> bool:
    """None, or the NaN that CSV's empty cells arrive as."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def _text(found: Mapping[str, Any], name: str, *, number: bool = False) -> str:
    value = found[name]
    if _is_missing(value):
        return ""
    if number and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise _ValueProblemError(f"{name} must be text, found {value!r:.60}")
    return _writable(value, name)


def _writable(text: str, name: str) -> str:
    """JSON can escape half a surrogate pair, which is no character and which no table takes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _ValueProblemError(f"{name} holds half a character at position {error.start}") from error
    return text


def _response(found: Mapping[str, Any], name: str) -> str:
    text = _text(found, name)
    if not text.strip():
        raise _ValueProblemError(f"{name} is empty")
    return text


def _prompt(value: Any) -> Prompt:
    if isinstance(value, str):
        if not value.strip():
            raise _ValueProblemError("prompt is empty")
        return (Message("user", _writable(value, "prompt")),)
    if not isinstance(value, list) or not value:
        raise _ValueProblemError(f"prompt must be text or a list of {{role, content}}, found {value!r:.60}")
    turns = tuple(_message(turn) for turn in value)
    if not any(turn.content.strip() for turn in turns):
        raise _ValueProblemError("prompt is empty")
    return turns


def _message(turn: Any) -> Message:
    if not isinstance(turn, dict) or not isinstance(turn.get("content"), str) or turn.get("role") not in _ROLES:
        raise _ValueProblemError(
            f"a turn of the prompt must be {{role: {'|'.join(_ROLES)}, content: text}}, found {turn!r:.60}"
        )
    return Message(turn["role"], _writable(turn["content"], "prompt"))


def _label(value: Any) -> Verdict | None:
    if value == "" or _is_missing(value):
        return None
    if value not in tuple(Verdict):
        raise _ValueProblemError(f"human_label must be a, b or tie, found {value!r:.60}")
    return Verdict(value)


def _labels(value: Any) -> tuple[Verdict, ...]:
    """What several annotators said; None among them is one who said nothing."""
    if value == "" or _is_missing(value):
        return ()
    if not isinstance(value, list) or any(one is not None and one not in tuple(Verdict) for one in value):
        raise _ValueProblemError(f"human_labels must be a list of a, b or tie, found {value!r:.60}")
    return tuple(Verdict(one) for one in value if one is not None)


def _majority(labels: tuple[Verdict, ...]) -> Verdict | None:
    """The label with the most votes, None where two have as many."""
    votes = Counter(labels).most_common(2)
    return votes[0][0] if votes and (len(votes) == 1 or votes[0][1] > votes[1][1]) else None
