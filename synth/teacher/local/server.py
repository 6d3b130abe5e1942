"""llama.cpp's OpenAI-compatible server over one model file, in a process of its own that ends with its parent.

By hand: `python -m synth.teacher.local.server --model FILE.gguf`. When it can answer, it prints one line of JSON with
`base_url` and `model`; what llama.cpp has to say goes to stderr.

What the caller has to know of it, as measured (xllamacpp 2026.10, SmolLM2-135M, two cores):
- A prompt that does not fit the context of its slot is refused with HTTP 400, `exceed_context_size_error`; none is ever
  cut. A reply that reaches `max_tokens` or the end of the context has `finish_reason` `length`.
- The same request may get another reply, even at temperature 0: sums are rounded differently when requests share a
  batch, or when the start of a prompt comes from the cache. One slot and `cache_prompt: false` in the request repeat
  exactly; the cache saves a quarter of the time.
- Of JSON Schema it holds a reply to types, properties in their order, required, enum, const, integer bounds, lengths,
  item counts, patterns, $ref and anyOf. It overlooks bounds of `number`, multipleOf, uniqueItems, not, if and
  dependentRequired, and refuses (400) a boolean as a schema.
- The name of the model in a request is not looked at.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from synth.errors import RunError
from synth.lifeline import die_with_parent
from synth.teacher.local.weights import served_name

PARALLEL, CONTEXT = 2, 8192
_PROMPT_CACHE_MIB = 512


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers, and its name there."""

    base_url: str
    model: str


@contextmanager
def serve(
    model: Path, *, parallel: int = PARALLEL, context: int = CONTEXT, log: Path, patience: float = 600
) -> Iterator[Endpoint]:
    """Serves the GGUF file `model` for as long as the block runs; `log` gets what llama.cpp says.

    `context` is the tokens of prompt and reply together in each of the `parallel` slots, at most what the model was
    trained on. Enter it from a thread that outlives the block: on Linux the server ends with the thread that started
    it. Raises RunError where the server does not answer within `patience` seconds, and where it ends by itself.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    options = {"model": model, "parallel": parallel, "context": context, "threads": _cores(), "parent": os.getpid()}
    command = [sys.executable, "-m", __name__, *(f"--{name}={value}" for name, value in options.items())]
    with (
        log.open("wb") as noise,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=noise,
            start_new_session=True,  # Ctrl-C is for the parent, which still needs its replies
        ) as process,
    ):
        try:
            yield _when_ready(process, model, log, patience)
            if process.poll() is not None:
                raise RunError(f"the server of {model} ended during the run: {_last_words(log)} ({log}); run again")
        finally:
            process.kill()  # it holds nothing worth a farewell


def _when_ready(process: subprocess.Popen[bytes], model: Path, log: Path, patience: float) -> Endpoint:
    assert process.stdout is not None
    timer = threading.Timer(patience, process.kill)
    timer.start()
    line = process.stdout.readline()
    timer.cancel()
    if line:
        return Endpoint(**json.loads(line))
    in_time = f" within {patience:g} s" if process.wait() == -signal.SIGKILL else ""
    raise RunError(f"{model} cannot be served{in_time}: {_last_words(log)} ({log}); try another .gguf file")


def _last_words(log: Path) -> str:
    """The first error that llama.cpp logged, which is the cause; else the last line."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [found[1] for line in lines if (found := re.match(r"\S+ E (.*)", line))]
    return (errors[:1] or lines[-1:] or ["it said nothing"])[0].strip()


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent(options.parent)
    stdout = os.dup(1)
    os.dup2(2, 1)
    import xllamacpp

    try:
        server = xllamacpp.Server(_parameters(options))
    except RuntimeError:  # llama.cpp has said why
        sys.exit(1)
    endpoint = Endpoint(f"{server.listening_address}/v1", served_name(options.model))
    with os.fdopen(stdout, "w") as ready:
        print(json.dumps(asdict(endpoint)), file=ready)
    threading.Event().wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description="Serve a GGUF file on 127.0.0.1.")
    parser.add_argument("--model", type=Path, required=True, help="the GGUF file")
    parser.add_argument("--parallel", type=int, default=PARALLEL, help="requests answered at once")
    parser.add_argument("--context", type=int, default=CONTEXT, help="tokens of prompt and reply, for each of them")
    parser.add_argument("--threads", type=int, default=_cores())
    parser.add_argument("--parent", type=int, default=os.getppid(), help="the process to end with")
    return parser.parse_args()


def _parameters(options: argparse.Namespace) -> Any:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(options.model)
    parameters.model_alias = {served_name(options.model)}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0  # any free one
    parameters.n_parallel = options.parallel
    parameters.kv_unified = False  # each slot its own part, so that no request depends on how long the others are
    parameters.n_ctx = options.context * options.parallel  # llama.cpp's is the total
    parameters.ctx_shift = False  # never forget the start of a prompt
    parameters.cache_ram_mib = _PROMPT_CACHE_MIB
    # Writing is bound by memory, of which a core's second thread has none of its own; reading a prompt by arithmetic.
    # Threads spin while they wait for each other, some hundred times a token: two that write are many times slower than
    # one as soon as anything else takes a core away.
    parameters.cpuparams.n_threads = max(1, options.threads // 2)
    parameters.cpuparams_batch.n_threads = options.threads
    parameters.ui = False
    parameters.endpoint_slots = False
    return parameters


if __name__ == "__main__":
    main()
