"""Replies that need no call: those of the run's own journal, and of that of the run it goes on from."""

from dataclasses import dataclass

from synth.run.prepare import Prepared
from synth.teacher.call import Reply, Request
from synth.teacher.journal import Journal


@dataclass(frozen=True, slots=True)
class Known:
    """Two journals, None where there is none. They are only read."""

    own: Journal | None = None
    earlier: Journal | None = None

    @classmethod
    def of(cls, prepared: Prepared) -> "Known":
        earlier = prepared.previous.run if prepared.previous else None
        calls = (prepared.folder.calls, earlier.calls if earlier else None)
        return cls(*(Journal(folder) if folder and folder.is_dir() else None for folder in calls))

    def get(self, request: Request) -> Reply | None:
        return next((reply for one in (self.own, self.earlier) if one and (reply := one.get(request))), None)

    def is_carried(self, request: Request) -> bool:
        """Whether the reply is in the earlier run's journal only."""
        return not (self.own and self.own.has(request.key)) and bool(self.earlier and self.earlier.has(request.key))


NOTHING_KNOWN = Known()
