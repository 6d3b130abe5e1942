"""Reads what a model is shown that writes prompts: passages of documents, and examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from synth.config.model import Generate
from synth.errors import ConfigError
from synth.paths import expanded
from synth.promptset.passages import Passage, passages
from synth.rows import values
from synth.rows.read import Row, read

_PLAIN = (".txt", ".md", ".rst")


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt as it should be; of any scenario, where it names none."""

    text: str
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """The same files make the same material, in one order."""

    passages: tuple[Passage, ...] = ()
    examples: tuple[Example, ...] = ()


NO_MATERIAL = Material()


def material(wanted: Generate, base: Path) -> Material:
    """Paths are relative to `base`. Raises ConfigError for what is not there, or holds nothing."""
    found = tuple(_documents(base, wanted.documents)) if wanted.documents else ()
    if wanted.documents and not found:
        raise ConfigError(f"{base / wanted.documents}: no text in it; prompts.generate.documents names what to show")
    return Material(found, tuple(_examples(wanted.examples, base)))


def _documents(base: Path, path: str) -> Iterator[Passage]:
    file = expanded(path, base)
    if not file.is_dir():
        yield from _plain(file, file.name) if file.suffix.lower() in _PLAIN else _of_rows(base, path)
        return
    every = sorted(one for one in file.rglob("*") if one.is_file() and one.suffix.lower() in (*_PLAIN, ".jsonl"))
    if not every:
        raise ConfigError(f"{file}: holds no {', '.join(_PLAIN)} or .jsonl file; prompts.generate.documents names some")
    for one in every:
        name = str(one.relative_to(file))
        yield from _plain(one, name) if one.suffix.lower() in _PLAIN else _of_rows(file, name)


def _plain(file: Path, name: str) -> list[Passage]:
    try:
        return passages(name, file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"{file}: no such file; prompts.generate.documents names a file or a folder") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error


def _of_rows(base: Path, path: str) -> Iterator[Passage]:
    for row in read(path, base, "train"):
        if not isinstance(row, Row):
            raise ConfigError(f"{row.place}: {row.problem}; prompts.generate.documents takes rows with a column 'text'")
        text = row.values.get("text")
        if not isinstance(text, str):
            raise ConfigError(f"{row.place}: no column 'text' with text; prompts.generate.documents needs one")
        yield from passages(f"{Path(path).name}:{row.number}", text)


def _examples(wanted: str | list[str], base: Path) -> Iterator[Example]:
    if isinstance(wanted, list):
        yield from map(Example, wanted)
        return
    for row in read(wanted, base, "train"):
        problem = "" if isinstance(row, Row) else row.problem
        try:
            found = row.values if isinstance(row, Row) else {}
            if not problem:
                prompt = values.prompt(found.get("prompt"))
                asked = [turn.content for turn in prompt if turn.role == "user"] or [prompt[-1].content]
                yield Example(asked[-1], values.text({"scenario": found.get("scenario")}, "scenario"))
        except values.ValueProblemError as error:
            problem = str(error)
        if problem:
            raise ConfigError(f"{row.place}: {problem}; prompts.generate.examples takes rows with a column 'prompt'")
