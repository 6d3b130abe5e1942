"""What `judgemill init` writes: a config that loads and says what was answered, whatever that was."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.config.load import load
from synth.config.model import Config
from synth.config.purpose import Purpose
from synth.config.starter import Rows, Starter, text

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
_CUSTOMER_SUPPORT = Starter(
    Purpose.PREFERENCES, "preferences", "support/prompts.jsonl", Rows.PROMPTS, scenarios="packs/customer_support"
)
_REFRESH = Starter(Purpose.REFRESH, "refresh", "refresh/pairs.jsonl", Rows.PAIRS, previous="outputs/quickstart")
_PUBLISH = Starter(Purpose.PUBLISH, "publish", "quickstart/pairs.jsonl", Rows.PAIRS, license="apache-2.0")

texts = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).map(str.strip).filter(bool)
)


@pytest.mark.parametrize("starter", [_CUSTOMER_SUPPORT, _REFRESH, _PUBLISH], ids=lambda one: str(one.purpose))
def test_the_examples_are_what_init_writes(starter: Starter) -> None:
    name = f"{starter.purpose}.yaml"
    assert (EXAMPLES / name).read_text(encoding="utf-8") == text(starter, f"examples/{name}")


def loaded(starter: Starter, folder: Path) -> Config:
    path = folder / "config.yaml"
    path.write_text(text(starter, "config.yaml"), encoding="utf-8")
    return load(path)


@given(
    data=texts,
    theirs=texts,
    model=texts,
    responders=st.lists(texts, max_size=3, unique=True),
    purpose=st.sampled_from(Purpose),
    rows=st.sampled_from(Rows),
    budget=st.none() | st.floats(0.01, 1000).map(lambda one: round(one, 2)),
)
def test_what_was_answered_is_what_the_config_says(
    tmp_path_factory: pytest.TempPathFactory,
    data: str,
    theirs: str,
    model: str,
    responders: list[str],
    purpose: Purpose,
    rows: Rows,
    budget: float | None,
) -> None:
    starter = Starter(
        purpose,
        "mine",
        data,
        rows,
        {"prompt": theirs},
        model=model,
        responders=tuple(responders),
        previous="outputs/old" if purpose is Purpose.REFRESH else "",
        budget_usd=budget,
    )
    config = loaded(starter, tmp_path_factory.mktemp("starter"))
    assert config.data.path == data
    assert config.data.columns == {"prompt": theirs}
    assert config.teacher.model == model
    asked = [one.model for one in config.responses.models] if config.responses else []
    assert asked == (responders or [model] if rows is Rows.PROMPTS else [])
    assert (config.previous is not None) == (purpose is Purpose.REFRESH)
    if model != "local" and not model.endswith(".gguf"):
        assert config.budget_usd == budget


def test_an_endpoint_and_its_key_stand_in_the_config(tmp_path: Path) -> None:
    starter = replace(_PUBLISH, model="mine", base_url="http://gpu:8000/v1", api_key_env="")
    teacher = loaded(starter, tmp_path).teacher
    assert (teacher.base_url, teacher.api_key_env) == ("http://gpu:8000/v1", "")


def test_with_two_responders_pairs_are_of_different_models(tmp_path: Path) -> None:
    config = loaded(replace(_CUSTOMER_SUPPORT, responders=("qwen", "llama")), tmp_path)
    assert config.pairs is not None
    assert config.pairs.strategy == "different_models"


def test_without_rows_prompts_are_written_of_the_domain(tmp_path: Path) -> None:
    config = loaded(replace(_CUSTOMER_SUPPORT, data="", domain="A shop: tea & kettles"), tmp_path)
    assert config.data.path is None
    assert config.prompts is not None
    assert config.prompts.generate is not None
    assert config.prompts.generate.domain == "A shop: tea & kettles"
