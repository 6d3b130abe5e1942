"""How many calls an endpoint is given at once: fewer when it asks for that, more again when it answers."""

from dataclasses import dataclass, field

_SHRINK = 0.5
_GROW = 0.1
_FAILURES_IN_A_ROW = 3
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


@dataclass(slots=True)
class Slots:
    """Slots of one endpoint, of which `most` are open when nothing is wrong. Times are seconds of one steady clock.

    Too many calls halve the slots, and answers open them again, a tenth of them a round: multiplicative decrease as TCP
    has it (Jacobson 1988), with a growth that is back in half a minute and not in an hour. Calls that were under way
    when the slots were halved do not halve them again. Failures in a row pause the endpoint, twice as long each round,
    so that another one takes its work and a broken one is not flooded.

    A new endpoint has one slot, until `opened`: what is wrong with it shows with one call.
    """

    most: int
    in_flight: int = 0
    limit: float = 1.0
    paused_until: float = 0.0
    _shrunk_at: float = field(default=-1.0, repr=False)
    _failures: int = field(default=0, repr=False)
    _pause: float = field(default=_SHORTEST_PAUSE, repr=False)
    _paused_at: float = field(default=-1.0, repr=False)

    def opened(self) -> None:
        self.limit = float(self.most)

    def free(self, now: float) -> int:
        """Slots that a call can take now."""
        return 0 if now < self.paused_until else max(0, int(self.limit) - self.in_flight)

    def answered(self) -> None:
        self.limit = min(self.most, self.limit + _GROW)
        self._failures = 0
        self._pause = _SHORTEST_PAUSE

    def throttled(self, now: float, began: float, retry_after: float | None) -> None:
        """The endpoint said 429 or 503 to a call that began then; it may have said how long to leave it alone."""
        if began > self._shrunk_at:
            self.limit = max(1.0, self.limit * _SHRINK)
            self._shrunk_at = now
        if retry_after:
            self.paused_until = max(self.paused_until, now + retry_after)

    def failed(self, now: float, began: float) -> None:
        """A call that began then brought no answer."""
        if began <= self._paused_at:
            return
        self._failures += 1
        if self._failures >= _FAILURES_IN_A_ROW:
            self._paused_at = now
            self.paused_until = max(self.paused_until, now + self._pause)
            self._pause = min(_LONGEST_PAUSE, self._pause * 2)
