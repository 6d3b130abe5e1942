"""From rows to pairs: what each column must hold, and which pairs are set aside before anything is judged."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from synth.domain import Pair, Prompt, PromptRow
from synth.errors import ConfigError, meant
from synth.rows import values
from synth.rows.columns import INPUT, NEEDED
from synth.rows.read import BadRow, Row, as_json
from synth.scenario import Catalogue


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is not judged, and why. Where it could not be read `pair` is None, and `raw` is what stood there."""

    number: int
    reason: str
    detail: str
    pair: Pair | None = None
    raw: str = ""


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
    admission, checked = Admission(), False
    for row in rows:
        if isinstance(row, Row) and not checked:
            check_columns(row, columns)
            checked = True
        read = read_pair(row, columns, catalogue) if isinstance(row, Row) else row
        yield bad(read, skip=skip_bad_rows) if isinstance(read, BadRow) else admission.pair(read, row)


class Admission:
    """Remembers what it has seen, so that no id and no content comes twice. Gives ids to what has none."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._seen: dict[bytes, str] = {}

    def pair(self, read: Pair, row: Row | BadRow) -> Pair | SetAside:
        digest = pair_key(read)
        pair = read if read.id else replace(read, id=digest.hex()[:16])
        self._note_id(read.id, row.place)
        if pair.response_a == pair.response_b:
            return SetAside(row.number, "identical responses", "there is nothing to compare", pair)
        if digest in self._seen:
            return SetAside(row.number, "repeated pair", f"the same pair as {self._seen[digest]!r}", pair)
        self._seen[digest] = pair.id
        return pair

    def prompt(self, read: PromptRow, row: Row | BadRow) -> PromptRow | SetAside:
        digest = _digest(read.prompt, *(one.text for one in read.given), "a prompt")
        made = read if read.id else replace(read, id=digest.hex()[:16])
        self._note_id(read.id, row.place)
        if digest in self._seen:
            same = f"the same prompt and responses as {self._seen[digest]!r}"
            return SetAside(row.number, "repeated prompt", same, without_pair(made))
        self._seen[digest] = made.id
        return made

    def _note_id(self, given: str, place: str) -> None:
        if given and given in self._ids:
            raise ConfigError(f"{place}: id {given!r} stands already at {self._ids[given]}; ids are unique")
        self._ids[given] = place


def without_pair(row: PromptRow) -> Pair:
    """A prompt that is set aside, as tables hold it."""
    return Pair(
        row.id, row.prompt, "", "", row.scenario, row.reference, source=row.source, personal_data=row.personal_data
    )


def bad(row: BadRow, *, skip: bool) -> SetAside:
    """Raises ConfigError where bad rows are not to be skipped."""
    if not skip:
        raise ConfigError(f"{row.place}: {row.problem}; mend it, or set `data: {{bad_rows: skip}}`")
    return SetAside(row.number, "unreadable row", f"{row.place}: {row.problem}", raw=row.raw)


def prompt_key(prompt: Prompt) -> str:
    """The same for prompts that differ in white space and case only; what stays together in splits."""
    text = json.dumps([[turn.role, " ".join(turn.content.split()).casefold()] for turn in prompt], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def pair_key(pair: Pair) -> bytes:
    """The same for a pair and its swap, and for prompts as `prompt_key` has it."""
    return _digest(pair.prompt, pair.response_a, pair.response_b)


def _digest(prompt: Prompt, *texts: str) -> bytes:
    """The same for texts in any order."""
    return hashlib.sha256(json.dumps([prompt_key(prompt), *sorted(texts)]).encode()).digest()


def read_pair(row: Row, columns: Mapping[str, str], catalogue: Catalogue) -> Pair | BadRow:
    for ours in NEEDED:
        if columns.get(ours, ours) not in row.values:
            raise absent(ours, columns, row)
    found = {ours: row.values.get(columns.get(ours, ours)) for ours in INPUT}
    try:
        pair = Pair(
            id=values.text(found, "id", number=True),
            prompt=values.prompt(found["prompt"]),
            response_a=values.response(found, "response_a"),
            response_b=values.response(found, "response_b"),
            scenario=values.text(found, "scenario"),
            reference=values.text(found, "reference"),
            model_a=values.text(found, "model_a"),
            model_b=values.text(found, "model_b"),
            human_label=values.label(found["human_label"]) or values.majority(values.labels(found["human_labels"])),
            source=values.text(found, "source"),
            human_labels=values.labels(found["human_labels"]),
        )
    except (values.ValueProblemError, RecursionError) as error:  # of what is nested as deeply as can be read
        return BadRow(row.number, row.place, str(error), as_json(dict(row.values)))
    check_scenario(pair.scenario, row, catalogue)
    return pair


def check_scenario(name: str, row: Row, catalogue: Catalogue) -> None:
    if name and name not in catalogue:
        try:
            catalogue.get(name)
        except ConfigError as error:
            raise ConfigError(f"{row.place}: {error}") from error


def check_columns(first: Row, columns: Mapping[str, str]) -> None:
    """A column that the config maps must stand in the first row that can be read; later rows may leave it out."""
    for ours, theirs in columns.items():
        if theirs not in first.values:
            raise absent(ours, columns, first)


def absent(ours: str, columns: Mapping[str, str], row: Row) -> ConfigError:
    theirs = columns.get(ours, ours)
    taken = {columns.get(other, other) for other in INPUT}
    near = meant(theirs, (name for name in row.values if name not in taken))
    answered = ", or have models answer the prompts with a section `responses:`" if ours.startswith("response_") else ""
    return ConfigError(
        f"{row.place}: no column {theirs!r} for {ours}; {near}the row has {', '.join(map(repr, row.values))}; "
        f"map it in the config with `data: {{columns: {{{ours}: ...}}}}`{answered}"
    )
