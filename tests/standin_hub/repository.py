"""What the stand-in Hub keeps: repositories with commits, branches, tags and pull requests, in memory."""

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Blob:
    data: bytes
    lfs: bool

    @property
    def git(self) -> str:
        """Of a large file it is that of its pointer, which is no more than unique here."""
        return hashlib.sha1(b"blob %d\0" % len(self.data) + self.data).hexdigest()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def etag(self) -> str:
        return f'"{self.sha256 if self.lfs else self.git}"'

    def entry(self, path: str) -> dict[str, object]:
        size = len(self.data)
        lfs = {"lfs": {"oid": self.sha256, "size": size, "pointerSize": 130}} if self.lfs else {}
        return {"type": "file", "oid": self.git, "size": size, "path": path, **lfs}


@dataclass(frozen=True)
class Commit:
    oid: str
    parent: str | None
    title: str
    files: dict[str, Blob]


@dataclass
class Repository:
    """`refs` are branches and pull requests, `tags` stand beside them; both name a commit."""

    id: str
    private: bool = False
    gated: str | bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        first = self._add(None, "initial commit", {".gitattributes": Blob(b"*.parquet filter=lfs\n", lfs=False)})
        self.refs["main"] = first.oid

    def at(self, revision: str) -> Commit | None:
        return self.commits.get(self.refs.get(revision) or self.tags.get(revision) or revision)

    def commit(self, revision: str, title: str, add: dict[str, Blob], remove: list[str]) -> Commit:
        parent = self.commits[self.refs[revision]]
        files = {path: blob for path, blob in parent.files.items() if path not in remove} | add
        made = self._add(parent.oid, title, files)
        self.refs[revision] = made.oid
        return made

    def open_request(self, title: str) -> str:
        self.requests.append(title)
        ref = f"refs/pr/{len(self.requests)}"
        self.refs[ref] = self.refs["main"]
        return ref

    def _add(self, parent: str | None, title: str, files: dict[str, Blob]) -> Commit:
        oid = hashlib.sha1(f"{self.id} {len(self.commits)}".encode()).hexdigest()
        self.commits[oid] = Commit(oid, parent, title, files)
        return self.commits[oid]

    def record(self) -> dict[str, object]:
        """For tests."""
        return {
            "private": self.private,
            "gated": self.gated,
            "commits": [
                {"oid": one.oid, "parent": one.parent, "title": one.title, "files": sorted(one.files)}
                for one in self.commits.values()
            ],
            "refs": self.refs,
            "tags": self.tags,
            "requests": self.requests,
        }
