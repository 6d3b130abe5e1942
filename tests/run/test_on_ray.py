"""What `--ray` refuses, before anything is started or asked."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from synth.cli.main import app
from synth.config.source import Values
from synth.errors import ConfigError
from synth.run.engine import Engine
from synth.run.on_ray import Ray, check, connect, stage
from synth.run.prepare import Prepared, prepare

ENDPOINT = {"base_url": "https://judge.example/v1", "api_key_env": ""}


def asking(folder: Path, **teacher: Any) -> Prepared:
    given = teacher or {"model": "m", **ENDPOINT}
    data = {"path": str(folder / "rows.jsonl")}
    return prepare(Values({"name": "r", "data": data, "teacher": given, "outputs": {"folder": str(folder)}}), {})


class Unstarted(Engine):
    """What is refused asks nothing of it."""

    def __init__(self) -> None:
        self.ray = None


@pytest.mark.parametrize(
    ("teacher", "what"),
    [({"model": "m", "mode": "batch", **ENDPOINT}, "mode: batch"), ({"model": "local"}, "local")],
)
def test_only_live_calls_to_an_endpoint_are_spread(tmp_path: Path, teacher: dict[str, Any], what: str) -> None:
    prepared, engine = asking(tmp_path, **teacher), Unstarted()
    with pytest.raises(ConfigError, match=f"is for live calls to an endpoint, and the teacher is {what}; leave it out"):
        connect(engine, prepared, Ray("auto"), quiet=True)
    engine.ray = Ray("auto")
    assert stage(prepared, engine) == {"stage": "judging"}, "a second teacher's calls stay on this machine"


def test_the_engine_judges_by_as_many_replicas_as_were_asked_for(tmp_path: Path) -> None:
    prepared, engine = asking(tmp_path), Unstarted()
    assert stage(prepared, engine) == {"stage": "judging"}
    engine.ray = Ray("head:6379", 3)
    assert stage(prepared, engine) == {"stage": "judging on Ray", "replicas": 3}


def test_replicas_without_a_cluster_are_refused() -> None:
    done = CliRunner().invoke(app, ["run", "config.yaml", "--ray-replicas", "2"])
    assert isinstance(done.exception, ConfigError)
    assert "name it with --ray ADDRESS" in str(done.exception)


@pytest.mark.skipif(find_spec("ray") is not None, reason="Ray is installed")
def test_without_ray_the_way_to_get_it_is_said() -> None:
    with pytest.raises(ConfigError, match=r"Ray is not installed; pip install 'judgemill\[ray\]'"):
        check(Ray("auto"))
    done = CliRunner().invoke(app, ["run", "config.yaml", "--ray", "auto"])
    assert isinstance(done.exception, ConfigError)
    assert done.exception.exit_code == 2
