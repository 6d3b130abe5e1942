"""Gives every pair of the run its scenario: the row's own, the config's default, or the teacher's choice."""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from synth.domain import Pair, Prompt
from synth.errors import RunError
from synth.parsing.schema import on_the_wire
from synth.prompts.scenario_choice import ScenarioQuestion
from synth.rows import columns
from synth.rows.pairs import prompt_key
from synth.run import engine_process, tables
from synth.run.prepare import Prepared
from synth.run.teacher import Teacher, for_engine
from synth.scenario.offer import UNCERTAIN, full_names
from synth.teacher.call import Request
from synth.teacher.progress import Counts


class How(StrEnum):
    """How a pair came by its scenario. The last two end in `others`."""

    GIVEN = "given"
    DEFAULT = "default"
    CHOSEN = "chosen"
    UNREADABLE = "unreadable"
    UNANSWERED = "unanswered"


class _Choice(NamedTuple):
    """A scenario, and where it is from. `reply` is what could not be read; the others are in the journal."""

    scenario: str
    how: How
    reason: str = ""
    reply: str = ""


_OF_A_PAIR = ["id", "scenario", "prompt"]
_BY_CALL = (How.CHOSEN, How.UNREADABLE, How.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Choosing:
    """What came of it: pairs by (how, scenario), the names on offer and what was asked, and the calls made."""

    pairs: Mapping[tuple[How, str], int]
    offered: tuple[str, ...]
    question_hash: str
    calls: Counts

    @property
    def in_use(self) -> set[str]:
        return {scenario for _, scenario in self.pairs}

    def record(self) -> dict[str, Any]:
        """For the manifest."""
        by_how = {str(how): self._count(how) for how in How}
        others = self.pairs.get((How.CHOSEN, UNCERTAIN), 0)
        return {**by_how, "chosen_others": others, "offered": list(self.offered), "question": self.question_hash}

    def text(self) -> str:
        """One line for the terminal."""
        parts = [f"{count} {how}" for how in (How.GIVEN, How.DEFAULT) if (count := self._count(how))]
        if asked := sum(map(self._count, _BY_CALL)):
            others = sum(self.pairs.get((how, UNCERTAIN), 0) for how in _BY_CALL)
            failed = self._count(How.UNREADABLE) + self._count(How.UNANSWERED)
            without = f", {failed} of them without a readable reply" if failed else ""
            parts.append(f"{asked} chosen ({others} {UNCERTAIN}{without})")
        return f"scenarios of {sum(self.pairs.values())} pairs: {', '.join(parts)}"

    def _count(self, how: How) -> int:
        return sum(count for (one, _), count in self.pairs.items() if one is how)


def requests(prepared: Prepared, asked: Teacher, pairs: Iterable[Pair]) -> Iterator[Request]:
    """The calls that choosing for these pairs takes: one for each distinct prompt without a scenario.

    None where the config has a default. The engine makes these very requests, and so finds them in the journal again.
    """
    if not prepared.offered:
        return
    max_chars = prepared.config.judging.max_chars
    question = ScenarioQuestion.among(prepared.offered, max_chars)
    schema = on_the_wire(question.schema, max_chars)
    for _, prompt in _distinct(pair.prompt for pair in pairs if not pair.scenario):
        messages = tuple((message.role, message.content) for message in question.about(prompt).messages)
        yield Request(asked.model, messages, schema, prepared.config.teacher.max_tokens, asked.parameters)


def choose(prepared: Prepared, asked: Teacher, *, quiet: bool) -> Choosing:
    """Fill in the scenarios that pairs.parquet lacks, and write scenarios.parquet, which tells where each is from.

    Prompts that differ in white space and case only are asked about once.
    Raises RunError, with what is missing and why, where any call went unanswered that another run could have answered.
    """
    folder, default = prepared.folder, prepared.config.scenarios.default or ""
    prompts, choices, calls = folder.work / "prompts.parquet", folder.work / "choices.parquet", Counts()
    if prepared.offered and (count := tables.write(prompts, tables.PROMPTS, _prompts(folder.pairs))):
        calls = _ask(prepared, asked, prompts, choices, count, quiet=quiet)
    chosen = dict(_choices(prompts, choices)) if choices.exists() else {}
    rows = (_row(pair, default, chosen) for pair in tables.read(folder.pairs, _OF_A_PAIR))
    tables.write(folder.scenarios, tables.SCENARIOS, rows)
    pairs = Counter((How(row["how"]), row["scenario"]) for row in tables.read(folder.scenarios, ["how", "scenario"]))
    if any(how is not How.GIVEN for how, _ in pairs):
        both = zip(tables.read(folder.pairs), tables.read(folder.scenarios, ["scenario"]), strict=True)
        tables.write(folder.pairs, tables.PAIRS, (pair | found for pair, found in both))
    return Choosing(pairs, tuple(one.name for one in prepared.offered), _hash(prepared), calls)


def _hash(prepared: Prepared) -> str:
    """Of what every call begins with: the definitions on offer and how to choose. Empty where nothing is on offer."""
    if not prepared.offered:
        return ""
    question = ScenarioQuestion.among(prepared.offered, prepared.config.judging.max_chars)
    return hashlib.sha256(question.system.content.encode()).hexdigest()[:16]


def _distinct(prompts: Iterable[Prompt]) -> Iterator[tuple[str, Prompt]]:
    """The first of each prompt, with its key."""
    seen: set[bytes] = set()
    for prompt in prompts:
        key = prompt_key(prompt)
        if (digest := bytes.fromhex(key)) not in seen:
            seen.add(digest)
            yield key, prompt


def _prompts(pairs: Path) -> Iterator[dict[str, Any]]:
    lacking = (columns.prompt(row["prompt"]) for row in tables.read(pairs, _OF_A_PAIR) if not row["scenario"])
    return ({"id": key, "prompt": columns.prompt_row(prompt)} for key, prompt in _distinct(lacking))


def _ask(prepared: Prepared, asked: Teacher, prompts: Path, choices: Path, expected: int, *, quiet: bool) -> Counts:
    folder = prepared.folder
    job = {
        "stage": "scenarios",
        "name": f"judgemill-{prepared.config.name}-scenarios",
        "prompts": str(prompts.resolve()),
        "choices": str(choices.resolve()),
        "cache": str(folder.work.resolve()),
        "teacher": for_engine(prepared, asked, folder.work / "progress-scenarios.json"),
        "scenarios": [str(path.resolve()) for path in prepared.scenario_folders],
        "among": full_names(prepared.offered),
        "max_chars": prepared.config.judging.max_chars,
    }
    counts = engine_process.run(folder, job, expected, doing="scenarios", quiet=quiet)
    brought = tables.count(choices) if choices.exists() else 0
    if brought != expected:
        raise RunError(f"the engine brought scenarios for {brought} of {expected} prompts; see {folder.engine_log}")
    missing = [row for row in tables.read(choices) if row["error_kind"] in ("endpoint", "transient", "stopped")]
    if missing:
        kinds = [row for row in missing if row["error_kind"] == "endpoint"] or missing
        raise RunError(
            f"{len(missing)} of {expected} calls for scenarios are missing; the teacher said: {kinds[0]['error']}"
        )
    return counts


def _choices(prompts: Path, choices: Path) -> Iterator[tuple[bytes, _Choice]]:
    for prompt, row in zip(tables.read(prompts), tables.read(choices), strict=True):
        if row["id"] != prompt["id"]:
            raise RunError(f"the engine mixed up its rows at '{prompt['id']}'; this is a bug, please report it")
        how, reason = _outcome(row)
        reply = row["scenario_reply"] if how is How.UNREADABLE else ""
        yield bytes.fromhex(row["id"]), _Choice(sys.intern(row["scenario"]), how, reason, reply)


def _outcome(row: Mapping[str, Any]) -> tuple[How, str]:
    if row["error_kind"]:
        return How.UNANSWERED, row["error"]
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
        found = choices[bytes.fromhex(prompt_key(columns.prompt(pair["prompt"])))]
    return {"pair_id": pair["id"]} | found._asdict()
