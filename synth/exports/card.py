"""The dataset card: README.md of a run folder, with the metadata that `load_dataset` and the Hub read."""

from collections.abc import Mapping
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import jinja2
from ruamel.yaml import YAML

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def render(manifest: Mapping[str, Any], name: str) -> str:
    """The card of a finished run, from its manifest."""
    exported = manifest["exported"]
    most = max((sum(splits.values()) for splits in exported.values()), default=0)
    metadata = {
        "pretty_name": name,
        "size_categories": [next((label for top, label in _SIZES if most < top), "n>1M")],
        "tags": ["judgemill", "llm-judge", "preference"],
        "configs": [
            {
                "config_name": form,
                "data_files": [{"split": split, "path": f"dataset/{form}/{split}.jsonl"} for split in splits],
            }
            for form, splits in exported.items()
            if splits
        ],
    }
    if not metadata["configs"]:
        del metadata["configs"]
    return _template().render(manifest, metadata=_yaml(metadata), name=name, estimate=_estimate)


def _estimate(one: Mapping[str, Any]) -> str:
    if one["value"] is None:
        return f"undefined (n {one['n']})"
    return f"{one['value']:.3f} [{one['low']:.3f}, {one['high']:.3f}] (n {one['n']})"


def _yaml(value: Any) -> str:
    text = StringIO()
    YAML(typ="safe", pure=True).dump(value, text)
    return text.getvalue().strip()


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.get_template("card.md.jinja2")
