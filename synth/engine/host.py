"""The process that distilabel runs in: `python -m synth.engine.host PARENT`.

A process of its own, so that whatever distilabel does to its process (hooks, signal handlers, logging, hangs) stays
there, and the command line can end it together with its workers. Everything of this process group dies with the parent.

It imports at once, while its parent still reads rows. Then each line on stdin is the path of a job (JSON), and each
line on stdout says that one is done. It ends when stdin does.
"""

import gc
import json
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from synth.lifeline import children_die_with_this_process, die_with_parent
from synth.without_pandas import keep_pandas_out_of_pyarrow

WORKER_DIED = 70
UNFIT = 64  # nothing was asked of a teacher; the last line in the log says what is wrong


def main(parent: str) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(int(parent))
    children_die_with_this_process()
    os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
    done = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what distilabel prints belongs into the log

    gc.disable()
    hook = sys.excepthook
    from synth.engine.light import postpone

    keep_pandas_out_of_pyarrow()
    postpone()
    from synth.engine import choosing, pipeline, responding

    stages: dict[str, Callable[[dict[str, Any]], None]] = {
        "responding": lambda values: responding.run(responding.Job(**values)),
        "scenarios": lambda values: choosing.run(choosing.Job(**values)),
        "judging": lambda values: pipeline.run(pipeline.Job(**values)),
        "connecting": _connect,
        "judging on Ray": _judge_on_ray,
    }
    sys.excepthook = hook  # distilabel's prints local variables, secrets included
    gc.freeze()  # what is imported stays, and stays shared with the workers
    gc.set_threshold(50_000, 20, 20)  # replies come and go by reference counts; looking for cycles costs a tenth
    gc.enable()
    for line in sys.stdin:
        job = json.loads(Path(line.strip()).read_text())
        _log_to(job["log"])
        with _workers_watched():
            stages[job.pop("stage")](job)
        print("done", file=done)
    return 0


def _connect(values: dict[str, Any]) -> None:
    from synth.engine import ray_cluster

    try:
        ray_cluster.connect(ray_cluster.Job(**values))
    except ray_cluster.UnfitError as error:
        print(error, file=sys.stderr, flush=True)
        os._exit(UNFIT)


def _judge_on_ray(values: dict[str, Any]) -> None:
    from synth.engine import pipeline, ray_pipeline

    replicas = values.pop("replicas")
    ray_pipeline.run(pipeline.Job(**values), replicas)


def _log_to(path: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    os.close(log)


@contextmanager
def _workers_watched() -> Iterator[None]:
    """End at once when a worker dies: distilabel would wait for its batch for ever."""
    from synth.engine.pipeline import WORKERS_MAY_END

    WORKERS_MAY_END.clear()
    watch = threading.Thread(target=_watch, args=(WORKERS_MAY_END,), daemon=True)
    watch.start()
    yield
    WORKERS_MAY_END.set()
    watch.join()


def _watch(may_end: threading.Event) -> None:
    seen: set[multiprocessing.process.BaseProcess] = set()
    while not may_end.wait(0.2):
        seen |= set(multiprocessing.active_children())
        dead = [child for child in seen if child.exitcode not in (None, 0)]
        if dead and not may_end.is_set():
            print(f"worker {dead[0].pid} died with exit code {dead[0].exitcode}", file=sys.stderr, flush=True)
            os._exit(WORKER_DIED)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
