"""Gives every pair of the run its scenario: the row's own, the config's default, or the teacher's choice."""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from synth.asking import Terms
from synth.domain import Pair, ParseFailure, Prompt
from synth.errors import RunError
from synth.parsing.scenario_reply import parse_scenario
from synth.parsing.schema import on_the_wire
from synth.prompts.scenario_choice import ScenarioQuestion
from synth.rows import columns
from synth.rows.pairs import SetAside, prompt_key
from synth.run import tables
from synth.run.carried import NOTHING, Carried
from synth.run.engine import Engine
from synth.run.folder import RunFolder
from synth.run.judging import refuse_missing
from synth.run.prepare import Prepared
from synth.run.progress_line import follow
from synth.run.teacher import Teacher, for_engine
from synth.scenario.offer import UNCERTAIN, full_names
from synth.teacher.call import Request
from synth.teacher.progress import Counts


class How(StrEnum):
    """How a pair came by its scenario. Unreadable and unanswered ones end in `others`, failed ones are not judged."""

    GIVEN = "given"
    DEFAULT = "default"
    CHOSEN = "chosen"
    UNREADABLE = "unreadable"
    UNANSWERED = "unanswered"
    FAILED = "failed"


class _Choice(NamedTuple):
    """A scenario, and where it is from. `reply` is what could not be read; the others are in the journal, under
    `call`."""

    scenario: str
    how: How
    reason: str = ""
    reply: str = ""
    call: str = ""


_OF_A_PAIR = ["id", "scenario", "prompt"]
_BY_CALL = (How.CHOSEN, How.UNREADABLE, How.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Choosing:
    """What came of it: pairs by (how, scenario), the names on offer and what was asked, and the calls made.

    `set_aside` are the pairs whose call failed for now: by another scenario they would be paid for twice.
    """

    pairs: Mapping[tuple[How, str], int]
    offered: tuple[str, ...]
    question_hash: str
    calls: Counts
    set_aside: tuple[SetAside, ...] = ()

    @property
    def in_use(self) -> set[str]:
        return {scenario for _, scenario in self.pairs}

    def record(self) -> dict[str, Any]:
        """For the manifest."""
        by_how = {str(how): self._count(how) for how in How if how is not How.FAILED}
        others = self.pairs.get((How.CHOSEN, UNCERTAIN), 0)
        return {**by_how, "chosen_others": others, "offered": list(self.offered), "question": self.question_hash}

    def text(self) -> str:
        """One line for the terminal."""
        hint = ""
        parts = [f"{count} {how}" for how in (How.GIVEN, How.DEFAULT) if (count := self._count(how))]
        if asked := sum(map(self._count, _BY_CALL)):
            others = sum(self.pairs.get((how, UNCERTAIN), 0) for how in _BY_CALL)
            failed = self._count(How.UNREADABLE) + self._count(How.UNANSWERED)
            without = f", {failed} of them without a readable reply" if failed else ""
            parts.append(f"{asked} chosen ({others} {UNCERTAIN}{without})")
            if 2 * others > asked:
                hint = "the criteria of these rows are the general ones; `scenarios: {default: ...}` names others"
        said = f"scenarios of {sum(self.pairs.values())} pairs: {', '.join(parts)}"
        return f"{said}; {hint}" if hint else said

    def _count(self, how: How) -> int:
        return sum(count for (one, _), count in self.pairs.items() if one is how)


def requests(prepared: Prepared, carried: Terms, pairs: Iterable[Pair]) -> Iterator[Request]:
    """The calls that choosing for these pairs takes: one for each distinct prompt without a scenario.

    None where the config has a default. The engine makes these very requests, and so finds them in the journal again.
    """
    if prepared.offered:
        for _, prompt in _distinct(pair.prompt for pair in pairs if not pair.scenario):
            yield request(prepared, carried, prompt)


def request(prepared: Prepared, carried: Terms, prompt: Prompt) -> Request:
    """The call that choosing for this prompt takes, where the config has no default."""
    max_chars = prepared.config.judging.max_chars
    question = _question(prepared.offered, max_chars)
    messages = tuple((message.role, message.content) for message in question.about(prompt).messages)
    return carried.request(messages, on_the_wire(question.schema, max_chars))


def read_choice(prepared: Prepared, reply: str) -> str:
    """The scenario that a reply to one of `requests` chooses."""
    read = parse_scenario(reply, _question(prepared.offered, prepared.config.judging.max_chars).schema)
    return UNCERTAIN if isinstance(read, ParseFailure) else read.scenario


_question = lru_cache(maxsize=4)(ScenarioQuestion.among)


def choose(prepared: Prepared, asked: Teacher, engine: Engine, *, quiet: bool, carried: Carried = NOTHING) -> Choosing:
    """Fill in the scenarios that pairs.parquet lacks, and write scenarios.parquet, which tells where each is from.

    Prompts that differ in white space and case only are asked about once; those of `carried` have their choice. Pairs
    whose call failed for now leave pairs.parquet.
    Raises RunError, with what is missing and why, where calls were not made or no pair is left.
    """
    folder, default = prepared.folder, prepared.config.scenarios.default or ""
    prompts, calls = folder.work / "prompts.parquet", Counts()
    if prepared.offered and (count := tables.write(prompts, tables.PROMPTS, _prompts(folder.pairs, carried))):
        calls = _ask(prepared, asked, engine, prompts, count, quiet=quiet)
    choices = choice_tables(folder)
    chosen = {
        bytes.fromhex(key): _Choice(one.scenario, How.CHOSEN, f"as in {carried.name}", call=one.call)
        for key, one in carried.choices.items()
    }
    chosen |= dict(_choices(prompts, choices)) if choices else {}
    set_aside = _without_failed(folder, chosen)
    rows = (_row(pair, default, chosen) for pair in tables.read(folder.pairs, _OF_A_PAIR))
    tables.write(folder.scenarios, tables.SCENARIOS, rows)
    pairs = Counter((How(row["how"]), row["scenario"]) for row in tables.read(folder.scenarios, ["how", "scenario"]))
    if any(how is not How.GIVEN for how, _ in pairs):
        both = zip(tables.read(folder.pairs), tables.read(folder.scenarios, ["scenario"]), strict=True)
        tables.write(folder.pairs, tables.PAIRS, (pair | found for pair, found in both))
    return Choosing(pairs, tuple(one.name for one in prepared.offered), _hash(prepared), calls, set_aside)


def _without_failed(folder: RunFolder, chosen: Mapping[bytes, _Choice]) -> tuple[SetAside, ...]:
    """Takes the pairs whose call failed out of pairs.parquet."""
    failed = {key: choice.reason for key, choice in chosen.items() if choice.how is How.FAILED}
    if not failed:
        return ()
    found: list[SetAside] = []

    def others() -> Iterator[dict[str, Any]]:
        for pair in tables.read(folder.pairs):
            error = None if pair["scenario"] else failed.get(_key(pair))
            if error is None:
                yield pair
            else:
                found.append(SetAside(0, "no scenario: call failed", error, tables.pair(pair)))

    if not tables.write(folder.pairs, tables.PAIRS, others()):
        raise RunError(f"no pair has a scenario, as the calls for them failed, the first with: {found[0].detail}")
    return tuple(found)


def _key(pair: Mapping[str, Any]) -> bytes:
    return bytes.fromhex(prompt_key(columns.prompt(pair["prompt"])))


def _hash(prepared: Prepared) -> str:
    """Of what every call begins with: the definitions on offer and how to choose. Empty where nothing is on offer."""
    if not prepared.offered:
        return ""
    question = _question(prepared.offered, prepared.config.judging.max_chars)
    return hashlib.sha256(question.system.content.encode()).hexdigest()[:16]


def _distinct(prompts: Iterable[Prompt]) -> Iterator[tuple[str, Prompt]]:
    """The first of each prompt, with its key."""
    seen: set[bytes] = set()
    for prompt in prompts:
        key = prompt_key(prompt)
        if (digest := bytes.fromhex(key)) not in seen:
            seen.add(digest)
            yield key, prompt


def _prompts(pairs: Path, carried: Carried) -> Iterator[dict[str, Any]]:
    lacking = (columns.prompt(row["prompt"]) for row in tables.read(pairs, _OF_A_PAIR) if not row["scenario"])
    return (
        {"id": key, "prompt": columns.prompt_row(prompt)}
        for key, prompt in _distinct(lacking)
        if key not in carried.choices
    )


def choice_tables(folder: RunFolder) -> list[Path]:
    """What the engine brought: tables with a row a prompt, in the order of the prompts."""
    return sorted(_brought(folder).glob("*.parquet"))


def _brought(folder: RunFolder) -> Path:
    return folder.work / "choices"


def _ask(prepared: Prepared, asked: Teacher, engine: Engine, prompts: Path, expected: int, *, quiet: bool) -> Counts:
    folder = prepared.folder
    job: dict[str, Any] = {
        "stage": "scenarios",
        "name": f"judgemill-{prepared.config.name}-scenarios",
        "prompts": str(prompts.resolve()),
        "choices": str(_brought(folder).resolve()),
        "cache": str((folder.work / "distilabel-scenarios").resolve()),
        "log": str(folder.engine_log.resolve()),
        "teacher": for_engine(prepared, asked, folder.work / "progress-scenarios.json"),
        "scenarios": [str(path.resolve()) for path in prepared.scenario_folders],
        "among": full_names(prepared.offered),
        "max_chars": prepared.config.judging.max_chars,
    }
    engine.begin(job, folder.work / "job-scenarios.json")
    counts = follow(engine, job["teacher"], expected, doing="scenarios", quiet=quiet)
    brought = sum(tables.count(part) for part in choice_tables(folder))
    if brought != expected:
        raise RunError(f"the engine brought scenarios for {brought} of {expected} prompts; see {folder.engine_log}")
    refuse_missing(choice_tables(folder), expected, "calls for scenarios")
    return counts


def _choices(prompts: Path, choices: list[Path]) -> Iterator[tuple[bytes, _Choice]]:
    for prompt, row in zip(tables.read(prompts), tables.read_all(choices), strict=True):
        if row["id"] != prompt["id"]:
            raise RunError(f"the engine mixed up its rows at '{prompt['id']}'; this is a bug, please report it")
        how, reason = _outcome(row)
        reply = row["scenario_reply"] if how is How.UNREADABLE else ""
        call = "" if how is How.UNANSWERED else row["call"]
        yield bytes.fromhex(row["id"]), _Choice(sys.intern(row["scenario"]), how, reason, reply, call)


def _outcome(row: Mapping[str, Any]) -> tuple[How, str]:
    if row["error_kind"]:
        return How.FAILED if row["error_kind"] == "transient" else How.UNANSWERED, row["error"]
    if not row["scenario_failure"]:
        return How.CHOSEN, row["scenario_reason"]
    if row["finish_reason"] == "length":
        return How.UNREADABLE, "the reply reached max_tokens"
    if row["finish_reason"] in ("refusal", "content_filter"):
        return How.UNREADABLE, "the teacher declined to choose"
    return How.UNREADABLE, row["scenario_failure"]


def _row(pair: Mapping[str, Any], default: str, choices: Mapping[bytes, _Choice]) -> dict[str, str]:
    if pair["scenario"]:
        found = _Choice(pair["scenario"], How.GIVEN)
    elif default:
        found = _Choice(default, How.DEFAULT)
    else:
        found = choices[_key(pair)]
    return {"pair_id": pair["id"]} | found._asdict()
