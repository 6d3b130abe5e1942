"""The dataset card: README.md of a run folder and of what is published, with the metadata that `load_dataset` and the
Hub read.

Its plots are bars of text: they need no library, are the same bytes on every machine (so that publishing the same run
twice is no new commit), and can be read wherever a README can. Pictures of the audit stand beside the card, where
somebody could draw them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from ruamel.yaml import YAML

from synth.config.model import Card
from synth.exports.citations import cited
from synth.exports.subset import Subset, local

_TOPS = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")
_LADDER = tuple((10**power, name) for power, name in enumerate(_TOPS, 3))
# What the manifest calls it -> what it is called under `judgemill`.
_PROVENANCE = {"judgemill": "made_by"} | {key: key for key in ("teacher", "judging", "seed", "hashes", "imported")}
_BAR = 24


@dataclass(frozen=True, slots=True)
class Published:
    """What the card of a Hub dataset says beyond that of a run folder.

    `audit` is the record of `synth.audit.report.Report`, where rows have a human label; `plots` are the paths of its
    pictures, beside the card.
    """

    repo: str
    subsets: Sequence[Subset]
    version: str | None = None
    audit: Mapping[str, Any] | None = None
    plots: Sequence[str] = ()


def render(
    manifest: Mapping[str, Any], name: str, statements: Card | None = None, published: Published | None = None
) -> str:
    """The card of a finished run, from its manifest and what its user states."""
    statements = statements or Card()
    subsets = list(published.subsets) if published else local(manifest["exported"])
    title = statements.pretty_name or name
    return _template().render(
        manifest,
        metadata=_yaml(_metadata(manifest, name, statements, subsets, published.version if published else None)),
        name=title,
        card=statements,
        subsets=subsets,
        source=published.repo if published else "path/of/this/folder",
        audit=published.audit if published else None,
        plots=published.plots if published else (),
        citations=[one.bibtex() for one in cited(manifest)],
        estimate=_estimate,
        bar=_bar,
    )


def _metadata(
    manifest: Mapping[str, Any], name: str, statements: Card, subsets: Sequence[Subset], version: str | None
) -> dict[str, Any]:
    """The Hub's own keys, and under `judgemill` what made the dataset, for programs."""
    most = max((sum(split.rows for split in one.splits) for one in subsets), default=0)
    engine = [] if "imported" in manifest else ["distilabel"]
    provenance = {ours: manifest[key] for key, ours in _PROVENANCE.items() if key in manifest}
    metadata = {
        "pretty_name": statements.pretty_name or name,
        "license": statements.license,
        "language": statements.language,
        "task_categories": ["text-generation"],
        "size_categories": [_size(most)],
        "tags": ["judgemill", *engine, "llm-as-a-judge", "llm-judge", "preference", "synthetic"],
        "configs": [one.config() | ({"default": True} if not place else {}) for place, one in enumerate(subsets)],
        "dataset_info": [one.dataset_info() for one in subsets],
        "judgemill": {"name": name, **({"version": version} if version else {}), **provenance},
    }
    return {key: value for key, value in metadata.items() if value not in (None, [])}


def _size(rows: int) -> str:
    """As the Hub names it."""
    least = ""
    for top, name in _LADDER:
        if rows < top:
            return f"{least}n<{name}"
        least = f"{name}<"
    return f"n>{_LADDER[-1][1]}"


def _estimate(one: Mapping[str, Any]) -> str:
    if one["value"] is None:
        return f"undefined (n {one['n']})"
    interval = "" if one["low"] is None else f" [{one['low']:.3f}, {one['high']:.3f}]"
    return f"{one['value']:.3f}{interval} (n {one['n']})"


def _bar(count: int, top: int) -> str:
    return "█" * round(_BAR * count / max(top, 1))


def _yaml(value: Any) -> str:
    """YAML that its readers agree on: `datasets` reads 1.1, in which a bare `no` (the language) is false."""
    text, yaml = StringIO(), YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.dump(value, text)
    return text.getvalue().partition("---\n")[2].strip()


@cache
def _template() -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"cell": _cell, "code": _code}
    return environment.get_template("card.md.jinja2")


def _cell(text: str) -> str:
    """What a row says of itself, in a table: no markup, and one line."""
    return escape(" ".join(text.split()), quote=False).replace("|", "\\|").replace("[", "\\[")


def _code(text: str) -> str:
    """What stands between backticks, where nothing is markup but a backtick."""
    return " ".join(text.replace("`", "'").split())
