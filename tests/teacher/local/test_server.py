"""The embedded teacher itself: what it answers, what it refuses, and that it never outlives its parent."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import openai
import psutil
import pytest

from synth.errors import RunError
from synth.teacher.local.server import Endpoint, serve
from synth.teacher.local.weights import default_cache, resolve
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("one_core")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "critique": {"type": "string", "maxLength": 30},
        "marks": {
            "type": "array",
            "items": {"type": "integer", "minimum": 1, "maximum": 5},
            "minItems": 2,
            "maxItems": 3,
        },
        "score": {"type": "integer", "minimum": 1, "maximum": 10},
        "verdict": {"enum": ["1", "2", "tie"]},
    },
    "required": ["critique", "marks", "score", "verdict"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def endpoint(one_core: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    log = tmp_path_factory.mktemp("server") / "teacher.log"
    with serve(resolve("local", default_cache()), parallel=2, context=1024, log=log) as served:
        yield served


def ask(endpoint: Endpoint, question: str, **options: Any) -> Any:
    with openai.OpenAI(base_url=endpoint.base_url, api_key="none", max_retries=0) as client:
        return client.chat.completions.create(
            model=endpoint.model, messages=[{"role": "user", "content": question}], temperature=0, **options
        )


@pytest.mark.local_model
def test_every_reply_has_the_shape_of_the_schema_also_when_asked_at_once(endpoint: Endpoint) -> None:
    shape: Any = {"type": "json_schema", "json_schema": {"name": "judgment", "schema": SCHEMA, "strict": True}}
    questions = [f"Response 1 to 'add {n} and 1': {n + 1}. Response 2: {n}. Judge them." for n in range(3)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda q: ask(endpoint, q, response_format=shape, max_tokens=400), questions))
    for answer in answers:
        assert answer.choices[0].finish_reason == "stop"
        jsonschema.validate(json.loads(answer.choices[0].message.content), SCHEMA)
        assert answer.model == endpoint.model == "SmolLM2-135M-Instruct.Q4_1"


@pytest.mark.local_model
def test_a_prompt_longer_than_a_slot_is_refused_and_not_cut(endpoint: Endpoint) -> None:
    with pytest.raises(openai.BadRequestError, match=r"exceeds the available context size \(1024 tokens\)"):
        ask(endpoint, "word " * 1100, max_tokens=10)


@pytest.mark.local_model
def test_a_reply_without_room_to_end_says_so(endpoint: Endpoint) -> None:
    answer = ask(endpoint, "Tell a long story.", max_tokens=5)
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 5


@pytest.mark.local_model
def test_the_server_is_gone_after_the_block(tmp_path: Path) -> None:
    with serve(resolve("local", default_cache()), parallel=1, context=512, log=tmp_path / "log"):
        [server] = psutil.Process().children()[-1:]
    assert not server.is_running()


@pytest.mark.local_model
def test_the_server_dies_with_a_killed_parent(tmp_path: Path) -> None:
    path, log = resolve("local", default_cache()), tmp_path / "teacher.log"
    command = f"""
import time
from pathlib import Path
from synth.teacher.local.server import serve
with serve(Path({str(path)!r}), parallel=1, context=512, log=Path({str(log)!r})):
    print("ready", flush=True)
    time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "ready\n"
    [server] = psutil.Process(parent.pid).children()
    parent.kill()
    parent.communicate()
    gone, _ = psutil.wait_procs([server], timeout=30)
    assert gone == [server]


@pytest.mark.local_model
def test_a_server_that_ends_during_the_block_is_an_error(tmp_path: Path) -> None:
    serving = serve(resolve("local", default_cache()), parallel=1, context=512, log=tmp_path / "log")
    serving.__enter__()
    [server] = psutil.Process().children()[-1:]
    server.kill()
    psutil.wait_procs([server], timeout=30)
    with pytest.raises(RunError, match="ended during the run"):
        serving.__exit__(None, None, None)


def test_a_file_that_cannot_be_loaded_is_named_with_the_reason(tmp_path: Path) -> None:
    model, log = tmp_path / "broken.gguf", tmp_path / "teacher.log"
    model.write_bytes(b"GGUF" + bytes(1000))
    with (
        pytest.raises(RunError, match=r"broken\.gguf cannot be served: .*bad GGUF.* \(.*teacher\.log\)"),
        serve(model, log=log),
    ):
        pass


def test_a_server_that_is_not_ready_in_time_is_given_up(tmp_path: Path) -> None:
    with (
        pytest.raises(RunError, match=r"cannot be served within 0\.01 s"),
        serve(tmp_path / "slow.gguf", log=tmp_path / "log", patience=0.01),
    ):
        pass
