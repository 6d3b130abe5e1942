"""What made a run: versions, hashes, seed, counts. No times and no machine, so that the same run says the same."""

import hashlib
import importlib.metadata
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import synth
from synth.config.model import Config
from synth.prompts import TEMPLATES
from synth.run.teacher import Teacher
from synth.scenario import Catalogue

_LIBRARIES = ("distilabel", "openai", "datasets", "jsonschema", "jinja2", "pyarrow")


def describe(config: Config, catalogue: Catalogue, scenarios: Iterable[str], teacher: Teacher) -> dict[str, Any]:
    """The part of the manifest that is known before the first call. `scenarios` are the names in use."""
    return {
        "judgemill": synth.__version__,
        "libraries": {name: importlib.metadata.version(name) for name in _LIBRARIES},
        "teacher": {
            "model": teacher.model,
            "parameters": teacher.parameters,
            "max_tokens": config.teacher.max_tokens,
        },
        "judging": config.judging.model_dump(mode="json"),
        "seed": config.seed,
        "hashes": {
            "templates": _hash({path.name: path.read_text() for path in sorted(TEMPLATES.glob("*.jinja2"))}),
            "reply_schemas": _hash({path.name: path.read_text() for path in sorted(_schemas().glob("*.schema.json"))}),
            "scenarios": scenario_hashes(catalogue, scenarios),
        },
    }


def writing_hash(name: str) -> str:
    """Of the templates by which models write: `target`, `flaw`."""
    folder = TEMPLATES / "writing"
    paths = sorted([*folder.glob(f"{name}.*.jinja2"), *folder.glob(f"{name}s/*.jinja2")])
    return _hash({path.name: path.read_text() for path in paths})


def scenario_hashes(catalogue: Catalogue, names: Iterable[str]) -> dict[str, str]:
    return {name: _hash(asdict(catalogue.get(name))) for name in sorted(set(names))}


def _schemas() -> Path:
    return TEMPLATES.parent.parent / "parsing" / "schemas"


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
