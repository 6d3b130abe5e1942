"""What changed since the version that a run goes on from: for its manifest, its card and the terminal."""

from collections.abc import Mapping
from typing import Any

from synth.diff import compare
from synth.errors import ConfigError
from synth.run.prepare import Prepared
from synth.run.versions import of_run, version


def since(prepared: Prepared, carried: Mapping[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest's `previous`: `carried` says what was taken over, `changes` what differs, without examples.

    The tables of the run are there. `changes` is left out where the earlier version is no longer to be had, as when
    a run is filtered again long after.
    """
    record = {name: value for name, value in carried.items() if name != "changes"}
    if prepared.previous is None:
        return record
    try:
        old = version(prepared.previous)
    except ConfigError:
        return record
    new = of_run(prepared.config.name, prepared.folder, manifest, prepared.config.filters)
    return {**record, "changes": compare(old, new).record()}
