"""What `judgemill export` and `judgemill filter` did to a finished run, which running again must not undo unsaid."""

import json
from dataclasses import dataclass, replace
from typing import Any

from synth import exports, yaml_file
from synth.run.folder import RunFolder
from synth.run.prepare import Prepared

ADDED = "formats_added"  # the manifest's key for formats that no config names


@dataclass(frozen=True, slots=True)
class CameLater:
    """`formats` were added to the run's; `filtered_by` are the filters that its pairs were filtered by last, None where
    the folder holds no finished run."""

    formats: tuple[str, ...] = ()
    filtered_by: Any = None

    @classmethod
    def of(cls, folder: RunFolder) -> "CameLater":
        if not folder.manifest.exists() or not folder.config.exists():
            return cls()
        manifest = json.loads(folder.manifest.read_text(encoding="utf-8"))
        return cls(tuple(manifest.get(ADDED, ())), yaml_file.read(folder.config)["filters"])

    def beside(self, prepared: Prepared) -> Prepared:
        """With the formats that were added."""
        outputs = prepared.config.outputs
        named = list(dict.fromkeys([*outputs.formats, *self.formats]))
        config = prepared.config.model_copy(update={"outputs": outputs.model_copy(update={"formats": named})})
        return replace(prepared, config=config, formats=tuple(exports.format_named(one) for one in named))

    def text(self, prepared: Prepared) -> str:
        """One line where the config's filters are others than those of last time; else empty."""
        now = prepared.config.model_dump(mode="json")["filters"]
        if self.filtered_by is None or self.filtered_by == now:
            return ""
        return f"filtered by what the config says, {now}; it was filtered by {self.filtered_by} before"

    def record(self) -> dict[str, Any]:
        """For the manifest."""
        return {ADDED: list(self.formats)} if self.formats else {}


def with_what_came_later(prepared: Prepared) -> tuple[Prepared, CameLater]:
    """A run that is about to run again, perhaps; and what was done to it since it finished."""
    later = CameLater.of(prepared.folder)
    return later.beside(prepared), later
