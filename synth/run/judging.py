"""Has every pair of the run judged, and makes judgments.parquet of what came back."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from filters import language
from synth.asking import mark
from synth.domain import asks
from synth.errors import RunError
from synth.rows import columns
from synth.run import tables
from synth.run.carried import NOTHING, Carried
from synth.run.engine import Engine
from synth.run.folder import RunFolder
from synth.run.on_ray import stage
from synth.run.prepare import Prepared
from synth.run.progress_line import follow
from synth.run.round import FIRST, Round
from synth.run.teacher import Teacher, for_engine
from synth.teacher.progress import Counts


def engine_tables(folder: RunFolder) -> list[Path]:
    """What the engine brought: tables with a row an ask, in the order of the pairs."""
    return sorted(_brought(folder).glob("*.parquet"))


def _brought(folder: RunFolder) -> Path:
    return folder.work / "judgments"


def judge(
    prepared: Prepared,
    asked: Teacher,
    engine: Engine,
    *,
    quiet: bool,
    doing: str = "judging",
    round: Round = FIRST,
    carried: Carried = NOTHING,
) -> Counts:
    """Judge what pairs.parquet holds, but for the pairs of `carried`, and say there what was asked about each. `doing`
    stands beside the progress.

    Raises RunError, with what is missing and why, where calls were not made. A call that failed for good is a row with
    its reason.
    """
    folder, config = prepared.folder, prepared.config
    raw = _brought(folder)
    pairs = _to_judge(folder, carried)
    job: dict[str, Any] = {
        **stage(prepared, engine),
        "name": f"judgemill-{config.name}",
        "pairs": str(pairs.resolve()),
        "judgments": str(raw.resolve()),
        "cache": str((folder.work / "distilabel").resolve()),
        "log": str(folder.engine_log.resolve()),
        "teacher": for_engine(prepared, asked, folder.work / "progress.json"),
        "protocols": [str(protocol) for protocol in config.judging.protocols],
        "samples": list(round.samples),
        "scenarios": [round.scenario(prepared.catalogue.get(name)).values() for name in _in_use(pairs)],
        "filters": {
            "wanted": config.filters,
            "base": str(prepared.base.resolve()),
            "language": config.judging.language,
            "seed": config.seed,
        },
        "manner": config.judging.model_dump(mode="json", exclude={"protocols"}),
    }
    every = [
        columns.ask_row(ask) | {"sample": sample}
        for sample in round.samples
        for ask in asks(tuple(config.judging.protocols))
    ]
    expected = tables.count(pairs) * len(every)
    counts = Counts()
    if expected:
        engine.begin(job, folder.work / "job.json")
        language.load_for(expected)  # for the filters, as there is nothing else to do
        counts = follow(engine, job["teacher"], expected, doing=doing, quiet=quiet)
    parts = engine_tables(folder)
    brought = sum(tables.count(part) for part in parts)
    if brought != expected:
        raise RunError(f"the engine brought {brought} of {expected} rows; see {folder.engine_log}")
    refuse_missing(parts, expected, "calls" if round == FIRST else f"calls of the {doing}")
    judged: Iterator[dict[str, Any]] = (row | {"round": round.number} for row in _rows(pairs, parts, every))
    if carried.pairs:
        judged = _with_carried(folder.pairs, judged, carried)
    tables.write(folder.judgments, tables.JUDGMENTS, judged)
    if round == FIRST:
        tables.write(folder.pairs, tables.PAIRS, _marked(folder, parts, carried))
    return counts


def _to_judge(folder: RunFolder, carried: Carried) -> Path:
    """pairs.parquet, or a table of those pairs of it that are not carried over."""
    if not carried.pairs:
        return folder.pairs
    left = folder.work / "pairs-to-judge.parquet"
    tables.write(left, tables.PAIRS, (row for row in tables.read(folder.pairs) if row["id"] not in carried.pairs))
    return left


def _in_use(pairs: Path) -> list[str]:
    return sorted({row["scenario"] for row in tables.read(pairs, ["scenario"])})


def refuse_missing(parts: list[Path], expected: int, what: str) -> None:
    """Raises RunError where calls were not made."""
    said: dict[str, str] = {}
    missing = 0
    for row in tables.read_all(parts, ("error_kind", "error")):
        if row["error_kind"] in ("endpoint", "stopped"):
            missing += 1
            said.setdefault(row["error_kind"], row["error"])
    if missing:
        why = f"the teacher said: {said['endpoint']}" if "endpoint" in said else said["stopped"]
        raise RunError(f"{missing} of {expected} {what} are missing; {why}")


def _with_carried(pairs: Path, judged: Iterator[dict[str, Any]], carried: Carried) -> Iterator[dict[str, Any]]:
    """All judgments in the order of the pairs."""
    of_pairs = groupby(judged, key=lambda row: row["pair_id"])
    for pair in tables.read(pairs, ["id"]):
        yield from carried.judgments(pair["id"]) if pair["id"] in carried.pairs else next(of_pairs)[1]


def _marked(folder: RunFolder, parts: list[Path], carried: Carried) -> Iterator[dict[str, Any]]:
    """The pairs with a mark of what was asked about each."""
    choices = {row["pair_id"]: row["call"] for row in tables.read(folder.scenarios, ["pair_id", "call"]) if row["call"]}
    asked = groupby(tables.read_all(parts, ["pair_id", "call"]), key=lambda row: row["pair_id"])
    for pair in tables.read(folder.pairs):
        known = carried.pairs.get(pair["id"])
        if known is None:
            calls = [row["call"] for row in next(asked)[1]]
            yield pair | {"asked": mark(calls, choices.get(pair["id"], ""))}
        else:
            yield pair | {"asked": known.asked}


def _rows(pairs: Path, parts: list[Path], every: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    wanted = ((pair["id"], ask) for pair in tables.read(pairs, ["id"]) for ask in every)
    for (pair_id, ask), row in zip(wanted, tables.read_all(parts), strict=True):
        if row["pair_id"] != pair_id or any(row[name] != value for name, value in ask.items()):
            raise RunError(f"the engine mixed up its rows at '{pair_id}'; this is a bug, please report it")
        reason, detail = _failure(row)
        yield {
            **{name: row[name] for name in (*columns.ASK, "sample", *columns.JUDGMENT, "reply")},
            "pair_id": pair_id,
            "teacher": row["model_name"],
            "failure": reason,
            "failure_detail": detail,
            "carried_from": "",
        }


def _failure(row: dict[str, Any]) -> tuple[str, str]:
    """Reason and detail of a row without a judgment; two empty strings where there is one."""
    if row["error_kind"]:
        return "call failed", row["error"]
    if not row["failure"]:
        return "", ""
    if row["finish_reason"] == "length":
        return "truncated", "the reply reached max_tokens"
    if row["finish_reason"] in ("refusal", "content_filter"):
        return "refused", "the teacher declined to judge"
    return ("empty" if not row["reply"].strip() else "unreadable"), row["failure"]
