"""How a set of judged pairs goes through import, filters, exports and report as it grows: seconds, rows and memory.

    python -m benchmarks.scale [--pairs 10000 100000] [--again] [--folder /tmp/scale]

Rows are those of `benchmarks.recorded_rows`. Each size is one `judgemill import` of its own, with the preset `default`,
`contaminated` and `unbalanced`, three formats and splits; `--again` has `judgemill export` and `judgemill report` of
the same run behind it. Where one stage of the import ends and the next begins is the time at which the run wrote its
table, so that nothing is measured inside of it. CPU is that of all processes, which counts what else the machine does
in so far as that slows a core down; memory is the most of all processes together, pages they share counted once.
Growth is log(t2/t1)/log(n2/n1) against the size before: 1 where twice the rows take twice the time.
"""

import argparse
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import psutil

from benchmarks.recorded_rows import benchmark, rows

ROOT = Path(__file__).parent.parent
_CONFIG = """\
filters:
  preset: default
  contaminated: {benchmarks: [benchmark.jsonl]}
  unbalanced: {}
outputs:
  formats: [pairs, prompt-completion, preference]
  splits: {train: 0.9, validation: 0.05, test: 0.05}
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """What all processes of a command had used at a time: CPU seconds from its start, and bytes at that moment."""

    at: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Stage:
    """`memory` is the most at one time, in bytes."""

    name: str
    wall: float
    cpu: float
    memory: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where rows and runs are written, and left")
    parser.add_argument("--again", action="store_true", help="exports and report once more, by commands of their own")
    given = parser.parse_args()
    before: tuple[int, list[Stage]] | None = None
    print("| pairs | stage | wall s | CPU s | rows/s | CPU ms/row | memory MB | growth, wall | growth, CPU |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for pairs in given.pairs:
        with _folder(given.folder, pairs) as folder:
            stages = measured(pairs, folder, again=given.again)
        for line in table(pairs, stages, before):
            print(line, flush=True)
        before = pairs, stages


@contextmanager
def _folder(wanted: Path | None, pairs: int) -> Iterator[Path]:
    if wanted is None:
        with TemporaryDirectory() as made:
            yield Path(made)
        return
    folder = wanted / str(pairs)
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder


def measured(pairs: int, folder: Path, *, again: bool) -> list[Stage]:
    """The stages of an import, and where wanted the commands that write its exports and its report again."""
    _write(folder / "rows.jsonl", rows(pairs))
    _write(folder / "benchmark.jsonl", benchmark())
    (folder / "settings.yaml").write_text(_CONFIG)
    run = folder / "outputs" / "rows"
    imported, ended = _command(["import", "rows.jsonl", "--config", "settings.yaml", "--bad-rows", "skip"], folder)
    borders = [
        ("import", _written(run / "judgments.parquet")),
        ("filter", _written(run / "kept.parquet")),
        ("export", max(map(_written, (run / "dataset").rglob("*.jsonl")))),
        ("report", ended),
    ]
    stages = [*stages_of(imported, borders), _whole("all of it", imported, ended)]
    for command in (["export", str(run), "--format", "prompt-completion"], ["report", str(run)]) if again else ():
        stages.append(_whole(f"`{command[0]}` again", *_command(command, folder)))
    return stages


def _write(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _written(path: Path) -> float:
    return path.stat().st_mtime


def _command(arguments: list[str], folder: Path) -> tuple[list[Sample], float]:
    """What it used until its end, and the time of that. Ends the benchmark where the command fails."""
    samples = [Sample(time.time(), 0.0, 0)]
    before = os.times()
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "synth.cli.main", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        over = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, samples, over), daemon=True)
        watch.start()
        code = process.wait()
    ended, after = time.time(), os.times()
    over.set()
    watch.join()
    if code:
        sys.exit(f"{' '.join(arguments)} ended with {code}: {(folder / 'log').read_text()[-2000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return [*samples, Sample(ended, cpu, 0)], ended


def _watch(pid: int, samples: list[Sample], over: threading.Event) -> None:
    while not over.wait(0.25):
        try:
            top = psutil.Process(pid)
            every = [top, *top.children(recursive=True)]
            samples.append(Sample(time.time(), sum(map(_cpu, every)), sum(map(_memory, every))))
        except psutil.NoSuchProcess:
            return


def _cpu(process: psutil.Process) -> float:
    """With that of children which have ended."""
    try:
        return sum(process.cpu_times()[:4])
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


def stages_of(samples: Sequence[Sample], borders: Sequence[tuple[str, float]]) -> Iterator[Stage]:
    begun = samples[0].at
    for name, ended in borders:
        yield _stage(name, samples, begun, ended)
        begun = ended


def _whole(name: str, samples: Sequence[Sample], ended: float) -> Stage:
    return _stage(name, samples, samples[0].at, ended)


def _stage(name: str, samples: Sequence[Sample], begun: float, ended: float) -> Stage:
    memory = max((one.memory for one in samples if begun <= one.at <= ended), default=0)
    return Stage(name, ended - begun, _cpu_at(samples, ended) - _cpu_at(samples, begun), memory)


def _cpu_at(samples: Sequence[Sample], at: float) -> float:
    """Between two samples, in proportion to the time."""
    last = samples[0]
    for one in samples:
        if one.at >= at:
            share = (at - last.at) / (one.at - last.at) if one.at > last.at else 1.0
            return last.cpu + share * (one.cpu - last.cpu)
        last = one
    return last.cpu


def table(pairs: int, stages: Sequence[Stage], before: tuple[int, Sequence[Stage]] | None) -> Iterator[str]:
    for place, one in enumerate(stages):
        growth = ["", ""]
        if before is not None:
            then, more = before[1][place], pairs / before[0]
            growth = [f"{_growth(then.wall, one.wall, more):.2f}", f"{_growth(then.cpu, one.cpu, more):.2f}"]
        cells = [
            f"{pairs:,}",
            one.name,
            f"{one.wall:.1f}",
            f"{one.cpu:.1f}",
            f"{pairs / one.wall:,.0f}",
            f"{1000 * one.cpu / pairs:.3f}",
            f"{one.memory / 1e6:,.0f}",
            *growth,
        ]
        yield f"| {' | '.join(cells)} |"


def _growth(then: float, now: float, more: float) -> float:
    return math.log(now / then) / math.log(more)


if __name__ == "__main__":
    main()
