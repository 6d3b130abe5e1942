import json
from pathlib import Path

import pytest

from filters import chosen
from filters.contaminated import Contaminated
from synth.domain import JudgedPair
from synth.errors import ConfigError
from tests.filters.judged import AB, A, asked, compared, judged

LONG = "A train leaves the station at nine and another one leaves at ten, so when will the second overtake the first?"
SHORT = "What is the tallest mountain of Europe?"


def pair(prompt: str) -> JudgedPair:
    return asked(judged(compared(AB, A)), prompt)


def dropped(prompt: str, by: Contaminated) -> bool:
    return by(pair(prompt)) is not None


def test_thirteen_words_in_a_row_of_a_benchmark_are_too_many() -> None:
    by = Contaminated().against([LONG])
    assert dropped(LONG, by)
    assert dropped(f"Please solve: {LONG.upper().replace(',', ' -')} Thanks!", by)
    assert dropped(" ".join(LONG.split()[3:16]), by)
    assert not dropped(" ".join(LONG.split()[3:15]), by)
    assert not dropped(SHORT, by)


def test_a_short_prompt_counts_as_a_whole() -> None:
    by = Contaminated().against([SHORT, "Tell me a joke"])
    assert dropped(SHORT.lower(), by)
    assert not dropped(f"{SHORT} And of Asia?", by)
    assert not dropped("Tell me a joke", by)


def test_the_length_is_a_parameter() -> None:
    assert dropped("It leaves the station at nine and that is that", Contaminated(n=5).against([LONG]))


@pytest.fixture
def benchmarks(tmp_path: Path) -> Path:
    (tmp_path / "bench.jsonl").write_text(json.dumps({"question": [{"role": "user", "content": LONG}]}) + "\n")
    (tmp_path / "plain.csv").write_text(f'prompt\n"{SHORT}"\n')
    return tmp_path


def test_benchmarks_are_read_from_files_beside_the_config(benchmarks: Path) -> None:
    filters = chosen([{"contaminated": {"benchmarks": ["bench.jsonl"], "column": "question"}}], base=benchmarks)
    found = filters.one(pair(LONG))
    assert found.reason == "benchmark prompt"  # type: ignore[union-attr]
    assert filters.one(pair(SHORT)) == pair(SHORT)
    assert chosen([{"contaminated": {"benchmarks": ["plain.csv"]}}], base=benchmarks).one(pair(SHORT)) != pair(SHORT)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "filters: contaminated names no benchmarks"),
        ({"benchmarks": ["bench.jsonl"]}, "has no column 'prompt'; set `column` to one of question"),
        ({"benchmarks": ["none.jsonl"]}, "none.jsonl: no such file"),
        ({"benchmarks": ["number.jsonl"]}, "'prompt' is neither text nor a list of {role, content}"),
        ({"benchmarks": ["broken.jsonl"]}, "broken.jsonl:1: not JSON"),
    ],
)
def test_a_benchmark_that_cannot_be_read_is_refused(benchmarks: Path, parameters: dict[str, object], said: str) -> None:
    (benchmarks / "number.jsonl").write_text('{"prompt": 5}\n')
    (benchmarks / "broken.jsonl").write_text("{\n")
    with pytest.raises(ConfigError) as caught:
        chosen([{"contaminated": parameters}], base=benchmarks)
    assert said in str(caught.value)
