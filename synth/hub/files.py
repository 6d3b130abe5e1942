"""Files as they will stand in a repository, and how they differ from those that stand there."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
# What an earlier version may have left there.
_OURS = re.compile(
    r"data/[^/]+/[^/]+-\d{5}-of-\d{5}\.parquet|plots/[^/]+\.png|run/(judgments|dropped)\.parquet|run/calls/[^/]+"
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`path` is that in the repository. The Hub knows a file by its `sha256` or, if it is small, by its git hash."""

    path: str
    source: Path
    size: int
    sha256: str
    git: str

    def is_known_as(self, oid: str) -> bool:
        return oid in (self.sha256, self.git)


def outgoing(path: str, source: Path) -> Outgoing:
    size = source.stat().st_size
    sha256, git = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            git.update(chunk)
    return Outgoing(path, source, size, sha256.hexdigest(), git.hexdigest())


@dataclass(frozen=True, slots=True)
class Difference:
    """What a commit has to do: bring `add` (new or changed), and take `remove` away."""

    add: tuple[Outgoing, ...]
    remove: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)


def difference(files: Iterable[Outgoing], tree: Mapping[str, str]) -> Difference:
    """`tree` has the oids of what is there, by path. Only what is of an earlier version is taken away."""
    files = tuple(files)
    ours = {one.path for one in files}
    stale = (path for path in tree if path not in ours and _OURS.fullmatch(path))
    return Difference(
        tuple(one for one in files if not one.is_known_as(tree.get(one.path, ""))),
        tuple(sorted(stale)),
    )


def digest(files: Iterable[Outgoing]) -> str:
    """Short, and the same for the same files."""
    text = "\n".join(sorted(f"{one.path} {one.sha256}" for one in files))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
