"""Fills in the references that pairs.parquet lacks, and writes references.parquet of the answers they are from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from synth.errors import RunError
from synth.pairing.response import Mark, Response
from synth.rows.pairs import SetAside
from synth.run import tables
from synth.run.engine import Engine
from synth.run.folder import RunFolder
from synth.run.prepare import Prepared
from synth.run.references.found import Reference, counted, majority
from synth.run.references.groups import Groups
from synth.run.references.record import record, text
from synth.run.references.writer import Writer, writer
from synth.run.responding.writing import Writing, answers_of, question, the_answer, write_texts
from synth.run.teacher import Teacher
from synth.teacher.progress import Counts

FAILED = "no reference: call failed"


@dataclass(frozen=True, slots=True)
class Referred:
    """The calls made, the engine's tables of them, what the manifest says, and a line for the terminal.

    `set_aside` are the pairs whose call failed for now: with another reference, or none, their judgments would be paid
    for twice.
    """

    calls: Counts = field(default_factory=Counts)
    tables: tuple[Path, ...] = ()
    record: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answers:
    """Of one group. `error` is set where a call failed for now."""

    key: str
    given: list[Response]
    error: str = ""


def refer(
    prepared: Prepared, asked: Teacher, engine: Engine, *, quiet: bool, responses: Path | None = None
) -> Referred:
    """Nothing where the config has no `references`. Pairs have their scenarios by now; `responses` is the table of
    those to the prompts that pairs were made of.

    Raises RunError where calls were not made, or failed for every pair. A call that failed for good leaves its pairs
    without a reference.
    """
    folder = prepared.folder
    folder.references.unlink(missing_ok=True)
    if prepared.config.references is None:
        return Referred()
    who, calls = writer(prepared), Counts()
    groups = Groups(prepared, of_responses=who is None)
    if who is not None:
        calls = _ask(prepared, who, groups, asked, engine, quiet=quiet)
    every = _of_model(folder, who, groups) if who else _of_responses(responses)
    found: dict[str, Reference] = {}
    failed: dict[str, str] = {}

    def rows() -> Iterator[dict[str, Any]]:
        for one in every:
            if one.key in groups.ids:
                found[one.key] = who.reference(one.given) if who else majority(one.given)
                if one.error:
                    failed[one.key] = one.error
                yield from _rows(one, groups.ids[one.key], found[one.key], votes=not (who and who.by))

    tables.write(folder.references, tables.REFERENCES, rows())
    set_aside = _fill_in(folder, groups, found, failed)
    said = record(prepared, who, groups, found, failed)
    parts = writing(folder, who).tables if who else []
    return Referred(calls, tuple(parts), {"references": said}, text(said), set_aside)


def _of_responses(responses: Path | None) -> Iterator[_Answers]:
    """None of pairs that came ready."""
    rows = tables.read(responses) if responses else iter(())
    for prompt, of_prompt in groupby(rows, key=lambda row: row["prompt_id"]):
        yield _Answers(
            prompt,
            [Response(one["number"], one["text"], one["model"], Mark(one["mark"]), one["detail"]) for one in of_prompt],
        )


def _ask(prepared: Prepared, who: Writer, groups: Groups, asked: Teacher, engine: Engine, *, quiet: bool) -> Counts:
    one = writing(prepared.folder, who)
    questions = (
        question(key, number, 0, request)
        for key, pair in groups.first_pairs()
        for number, request in enumerate(who.requests(pair.prompt), start=1)
    )
    tables.write(one.questions, tables.QUESTIONS, questions)
    return write_texts(prepared, one, asked, engine, quiet=quiet)


def writing(folder: RunFolder, who: Writer) -> Writing:
    return Writing(folder, "references", "references", [who.settings])


def _of_model(folder: RunFolder, who: Writer, groups: Groups) -> Iterator[_Answers]:
    came = answers_of(writing(folder, who))
    for key, pair in groups.first_pairs():
        answers, for_now = [], ""
        for number, _ in enumerate(who.requests(pair.prompt), start=1):
            one = the_answer(came, key, number)
            for_now = one["error"] if one["error_kind"] == "transient" else for_now
            answers.append(who.answer(number, one["text"], one["finish_reason"], one["error"]))
        yield _Answers(key, answers, for_now)


def _rows(answers: _Answers, pair_ids: list[str], reference: Reference, *, votes: bool) -> Iterator[dict[str, Any]]:
    for one in answers.given:
        yield {
            "pair_ids": pair_ids,
            "number": one.number,
            "model": one.model,
            "text": one.text,
            "mark": str(one.mark),
            "detail": one.detail,
            "final_answer": counted(one) if votes else "",
            "is_reference": bool(reference.text) and one.number == reference.number,
        }


def _fill_in(
    folder: RunFolder, groups: Groups, found: Mapping[str, Reference], failed: Mapping[str, str]
) -> tuple[SetAside, ...]:
    """Write pairs.parquet with the references, and without the pairs whose call failed for now."""
    gone: dict[str, SetAside] = {}

    def rows() -> Iterator[dict[str, Any]]:
        for row in tables.read(folder.pairs):
            pair = tables.pair(row)
            key = groups.key(pair) or ""
            if key in failed:
                gone[pair.id] = SetAside(0, FAILED, failed[key], pair)
            elif key in found and found[key].text:
                yield row | {"reference": found[key].text, "reference_source": found[key].by}
            else:
                yield row

    if not tables.write(folder.pairs, tables.PAIRS, rows()):
        first = next(iter(gone.values())).detail
        raise RunError(f"no pair has a reference, as the calls for them failed, the first with: {first}")
    if gone:
        left = (row for row in tables.read(folder.scenarios) if row["pair_id"] not in gone)
        tables.write(folder.scenarios, tables.SCENARIOS, left)
    return tuple(gone.values())
