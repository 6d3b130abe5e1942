"""A training format as a subset of a Hub dataset: its splits, and its features as a card's metadata has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from synth.exports.formats import format_named


@dataclass(frozen=True, slots=True)
class Split:
    """`path` may hold a `*`. `num_bytes` is the size of the rows in memory, None where nobody has counted it."""

    name: str
    path: str
    rows: int
    num_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Subset:
    """What `load_dataset(..., name)` loads. `download_size` is that of its files, in bytes."""

    name: str
    schema: pa.Schema
    splits: tuple[Split, ...]
    download_size: int = 0

    def config(self) -> dict[str, Any]:
        """Its entry among the metadata's `configs`."""
        return {
            "config_name": self.name,
            "data_files": [{"split": one.name, "path": one.path} for one in self.splits],
        }

    def dataset_info(self) -> dict[str, Any]:
        """Its entry among `dataset_info`. `datasets` refuses rows of other types, or another number of them."""
        info: dict[str, Any] = {"config_name": self.name, "features": [_feature(one) for one in self.schema]}
        if not self.splits or any(one.num_bytes is None for one in self.splits):
            return info
        return info | {
            "splits": [{"name": one.name, "num_bytes": one.num_bytes, "num_examples": one.rows} for one in self.splits],
            "download_size": self.download_size,
            "dataset_size": sum(one.num_bytes or 0 for one in self.splits),
        }


def local(exported: Mapping[str, Mapping[str, int]]) -> list[Subset]:
    """Those of a run folder, from the manifest's rows by format and split. A format without rows is none."""
    return [
        Subset(
            form,
            format_named(form).schema,
            tuple(Split(split, f"dataset/{form}/{split}.jsonl", rows) for split, rows in splits.items()),
        )
        for form, splits in exported.items()
        if splits
    ]


def _feature(field: pa.Field) -> dict[str, Any]:
    """As `datasets.Features` writes it into a card: a test compares the two. Importing that takes two seconds."""
    return {"name": field.name, **_type(field.type)}


def _type(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_struct(kind):
        return {"struct": [_feature(field) for field in kind]}
    if pa.types.is_list(kind):
        inner = _type(kind.value_type)
        return {"list": inner.get("struct") or inner.get("dtype") or inner}
    return {"dtype": "float64" if kind == pa.float64() else "float32" if kind == pa.float32() else str(kind)}
