"""The process that distilabel runs in: `python -m synth.engine.host JOB.json PARENT`.

A process of its own, so that whatever distilabel does to its process (hooks, signal handlers, logging, hangs) stays
there, and the command line can end it together with its workers. Everything of this process group dies with the parent.
"""

import json
import multiprocessing
import os
import signal
import sys
import threading
from pathlib import Path

from synth.lifeline import children_die_with_this_process, die_with_parent

WORKER_DIED = 70


def main(job_path: str, parent: str) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(int(parent))
    children_die_with_this_process()
    job = json.loads(Path(job_path).read_text())
    os.environ["HF_DATASETS_CACHE"] = str(Path(job["cache"]) / "datasets")
    os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"

    from synth.engine import choosing, pipeline

    stages = {
        "scenarios": lambda values: choosing.run(choosing.Job(**values)),
        "judging": lambda values: pipeline.run(pipeline.Job(**values)),
    }
    threading.Thread(target=_watch_workers, args=(pipeline.WORKERS_MAY_END,), daemon=True).start()
    return 0 if stages[job.pop("stage")](job) else 1


def _watch_workers(may_end: threading.Event) -> None:
    """End at once when a worker dies: distilabel would wait for its batch for ever."""
    seen: set[multiprocessing.process.BaseProcess] = set()
    while not may_end.wait(0.2):
        seen |= set(multiprocessing.active_children())
        dead = [child for child in seen if child.exitcode not in (None, 0)]
        if dead and not may_end.is_set():
            print(f"worker {dead[0].pid} died with exit code {dead[0].exitcode}", file=sys.stderr, flush=True)
            os._exit(WORKER_DIED)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
