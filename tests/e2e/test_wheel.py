"""The installed wheel works from another folder: the YAML, the schemas and the templates are inside."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, StandIn
from tests.e2e.test_run import row

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources and unpacked into a folder that stands first on the path."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("synth", "filters", "scenarios"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(source)]
    subprocess.run(build, check=True, capture_output=True, timeout=240)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_every_data_file_is_in_the_wheel(installed: Path) -> None:
    def data(root: Path) -> set[str]:
        found = (path for name in ("synth", "filters", "scenarios") for path in (root / name).rglob("*"))
        return {str(path.relative_to(root)) for path in found if path.is_file() and path.suffix not in (".py", ".pyc")}

    assert data(installed) == data(ROOT)
    assert len([name for name in data(installed) if name.endswith(".yaml")]) >= 58


def test_the_wheel_runs_from_another_folder(installed: Path, standin: StandIn, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["PYTHONPATH"] = str(installed)
    where = subprocess.run(
        [sys.executable, "-c", "import synth, scenarios, filters; print(synth.__file__, scenarios.__path__[0])"],
        cwd=tmp_path, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert all(path.startswith(str(installed)) for path in where.stdout.split())

    import json

    (tmp_path / "rows.jsonl").write_text(json.dumps(row(1, scenario="math_reasoning")) + "\n")
    (tmp_path / "config.yaml").write_text(
        "{name: wheel, data: {path: rows.jsonl}, "
        f"teacher: {{model: m, base_url: '{standin.base_url}', api_key_env: ''}}}}"
    )
    done = subprocess.run(
        [sys.executable, "-m", "synth.cli.main", "run", "config.yaml"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "outputs" / "wheel" / "kept.parquet").exists()
