"""Has every pair of the run judged, and makes judgments.parquet of what came back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synth.domain import asks
from synth.errors import RunError
from synth.rows import columns
from synth.run import engine_process, tables
from synth.run.folder import RunFolder
from synth.run.prepare import Prepared
from synth.run.teacher import Teacher, for_engine
from synth.teacher.progress import Counts


def judge(prepared: Prepared, asked: Teacher, *, quiet: bool) -> Counts:
    """Judge what pairs.parquet holds.

    Raises RunError, with what is missing and why, where any ask went unanswered that another run could have answered.
    """
    folder, config = prepared.folder, prepared.config
    raw = folder.work / "judgments.parquet"
    job: dict[str, Any] = {
        "stage": "judging",
        "name": f"judgemill-{config.name}",
        "pairs": str(folder.pairs.resolve()),
        "judgments": str(raw.resolve()),
        "cache": str(folder.work.resolve()),
        "teacher": for_engine(prepared, asked, folder.work / "progress.json"),
        "protocols": [str(protocol) for protocol in config.judging.protocols],
        "scenarios": [str(path.resolve()) for path in prepared.scenario_folders],
        "manner": config.judging.model_dump(mode="json", exclude={"protocols"}),
    }
    every = [columns.ask_row(ask) for ask in asks(tuple(config.judging.protocols))]
    expected = tables.count(folder.pairs) * len(every)
    counts = engine_process.run(folder, job, expected, doing="judging", quiet=quiet)
    if not raw.exists() or tables.count(raw) != expected:
        brought = tables.count(raw) if raw.exists() else 0
        raise RunError(f"the engine brought {brought} of {expected} rows; see {folder.engine_log}")
    missing = [row for row in tables.read(raw) if row["error_kind"] in ("endpoint", "transient", "stopped")]
    if missing:
        kinds = [row for row in missing if row["error_kind"] == "endpoint"] or missing
        raise RunError(f"{len(missing)} of {expected} calls are missing; the teacher said: {kinds[0]['error']}")
    tables.write(folder.judgments, tables.JUDGMENTS, _rows(folder, raw, every))
    return counts


def _rows(folder: RunFolder, raw: Path, every: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    wanted = ((pair["id"], ask) for pair in tables.read(folder.pairs) for ask in every)
    for (pair_id, ask), row in zip(wanted, tables.read(raw), strict=True):
        if row["pair_id"] != pair_id or any(row[name] != value for name, value in ask.items()):
            raise RunError(f"the engine mixed up its rows at '{pair_id}'; this is a bug, please report it")
        reason, detail = _failure(row)
        yield {
            **{name: row[name] for name in (*columns.ASK, *columns.JUDGMENT, "reply")},
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
