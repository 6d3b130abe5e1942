"""Has every pair of the run judged, and makes judgments.parquet of what came back."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filters import language
from synth.domain import asks
from synth.errors import RunError
from synth.rows import columns
from synth.run import tables
from synth.run.engine import Engine
from synth.run.folder import RunFolder
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
    prepared: Prepared, asked: Teacher, engine: Engine, *, quiet: bool, doing: str = "judging", round: Round = FIRST
) -> Counts:
    """Judge what pairs.parquet holds.

    Raises RunError, with what is missing and why, where calls were not made. A call that failed for good is a row with
    its reason.
    """
    folder, config = prepared.folder, prepared.config
    raw = _brought(folder)
    job: dict[str, Any] = {
        "stage": "judging",
        "name": f"judgemill-{config.name}",
        "pairs": str(folder.pairs.resolve()),
        "judgments": str(raw.resolve()),
        "cache": str((folder.work / "distilabel").resolve()),
        "log": str(folder.engine_log.resolve()),
        "teacher": for_engine(prepared, asked, folder.work / "progress.json"),
        "protocols": [str(protocol) for protocol in config.judging.protocols],
        "samples": list(round.samples),
        "scenarios": [round.scenario(prepared.catalogue.get(name)).values() for name in _in_use(folder)],
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
    expected = tables.count(folder.pairs) * len(every)
    engine.begin(job, folder.work / "job.json")
    threading.Thread(target=language.load, daemon=True).start()  # for the filters, while there is nothing else to do
    counts = follow(engine, job, expected, doing=doing, quiet=quiet)
    parts = engine_tables(folder)
    brought = sum(tables.count(part) for part in parts)
    if brought != expected:
        raise RunError(f"the engine brought {brought} of {expected} rows; see {folder.engine_log}")
    refuse_missing(parts, expected, "calls" if round == FIRST else f"calls of the {doing}")
    rows = (row | {"round": round.number} for row in _rows(folder, parts, every))
    tables.write(folder.judgments, tables.JUDGMENTS, rows)
    return counts


def _in_use(folder: RunFolder) -> list[str]:
    return sorted({row["scenario"] for row in tables.read(folder.pairs, ["scenario"])})


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


def _rows(folder: RunFolder, parts: list[Path], every: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    wanted = ((pair["id"], ask) for pair in tables.read(folder.pairs) for ask in every)
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
