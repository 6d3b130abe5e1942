"""What a config whose pairs are made of prompts can be prepared with."""

import json
from pathlib import Path
from typing import Any

import pytest

from synth.errors import ConfigError
from synth.run.prepare import Prepared, prepare


def prepared(folder: Path, **more: Any) -> Prepared:
    config = {
        "name": "n",
        "data": {"path": "rows.jsonl"},
        "teacher": {"model": "judge", "base_url": "http://localhost:1/v1", "api_key_env": ""},
        "outputs": {"folder": str(folder / "outputs")},
    }
    path = folder / "config.yaml"
    path.write_text(json.dumps(config | more))
    return prepare(path, {})


def responder(model: str, dollars: float) -> dict[str, Any]:
    prices = {"input": dollars, "output": dollars}
    return {"model": model, "base_url": "http://localhost:2/v1", "api_key_env": "", "prices": prices}


def test_one_map_has_the_prices_of_all_models_and_the_second_teacher_sees_it_too(tmp_path: Path) -> None:
    second = {"model": "strong", "prices": {"input": 5, "output": 5}}
    models = [responder("a", 2), responder("judge", 3)]
    one = prepared(tmp_path, responses={"models": models}, rescue={"teacher": second})
    assert one.second is not None
    inputs = {model: price.rates[0].input if price else None for model, price in one.prices.items()}
    assert inputs == {"judge": None, "strong": 5, "a": 2}, "what one address of a model costs is not known"
    assert one.second.prices == one.prices


@pytest.mark.parametrize("section", [{"responses": {"models": [responder("a", 1)]}}, {"pairs": {"strategy": "every"}}])
def test_a_dataset_has_not_the_responses_to_go_on_from(tmp_path: Path, section: dict[str, Any]) -> None:
    assert prepared(tmp_path, previous="me/data@v1").previous is not None
    with pytest.raises(ConfigError, match=r"previous: me/data@v1: is a dataset, .*; name the folder of its run"):
        prepared(tmp_path, previous="me/data@v1", **section)
