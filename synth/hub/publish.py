"""Brings files to a dataset repository: one commit for all of them, and a tag that never moves.

Each try reads what stands there and compares it with what should. So an answer that was lost is noticed (the files are
there), a commit that came in between is built upon, and the same files twice are no second commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from synth.errors import ConfigError, RunError
from synth.hub.client import Client, Passing, State
from synth.hub.files import Difference, Outgoing, difference, digest

MAIN = "main"
_TRIES = 7
_LONGEST_WAIT = 20.0  # seconds
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """Where in a repository files go. `private` and `gated` close what is open, and open nothing."""

    revision: str = MAIN
    tag: str | None = None
    private: bool = False
    gated: str | None = None
    pull_request: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What publishing would do. `state` is None where the repository has to be made, `head` where the branch has.

    `tagged` is the commit that has the tag, and has these very files.
    """

    state: State | None
    head: str | None
    difference: Difference
    tagged: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """`commit` has the files; `made` unless it stood there before. With a pull request it is the request's revision."""

    commit: str
    made: bool
    url: str


class Publisher:
    """`client` is that of the target's repository; `say` gets a line on every try that failed."""

    def __init__(self, client: Client, target: Target, files: Sequence[Outgoing], say: Callable[[str], None]) -> None:
        self.client, self.target, self.files, self._say = client, target, tuple(files), say

    def look(self) -> Outlook:
        """Reads only. Raises ConfigError where the tag is taken by other files."""
        return self._tried(self._look)

    def publish(self, title: str) -> Done:
        """Raises RunError where the Hub does not take it in several tries; it is then as it was, or has it all."""
        before = self.look()
        self._tried(lambda: self._prepare(before))
        if before.tagged:
            return Done(before.tagged, made=False, url=self._url(before.tagged))
        tries = _Tries(self, f"{title} (content {digest(self.files)})")
        commit = self._tried(tries.commit)
        if self.target.tag and not self.target.pull_request:
            self._tried(lambda: self._tag(commit, title))
        return Done(commit, tries.made, self._url(commit))

    def nothing_to_do(self, outlook: Outlook) -> bool:
        tagged = outlook.tagged is not None or self.target.tag is None
        return outlook.state is not None and not outlook.difference and tagged and not self._opens_less(outlook.state)

    def _opens_less(self, state: State) -> bool:
        """Whether the repository is to be more closed than it is."""
        return (self.target.private and not state.private) or self.target.gated not in (None, state.gated)

    def _look(self) -> Outlook:
        state, everything = self.client.state(), Difference(self.files, ())
        if state is None:
            return Outlook(None, None, everything)
        tagged = self.client.state(self.target.tag) if self.target.tag else None
        if tagged and not difference(self.files, self.client.tree(tagged.head)):
            return Outlook(state, tagged.head, Difference((), ()), tagged.head)
        if tagged:
            raise self._taken(tagged.head)
        at = state if self.target.revision == MAIN else self.client.state(self.target.revision)
        found = difference(self.files, self.client.tree((at or state).head))
        return Outlook(state, at.head if at else None, found)

    def _prepare(self, before: Outlook) -> None:
        """Closed before anything is in it. Making what is there already does no harm."""
        if before.state is None:
            self.client.create(private=self.target.private)
        now = self.client.state()
        if now is None:
            raise Passing("the repository that was made is not there yet")
        if self._opens_less(now):
            self.client.settings(private=self.target.private and not now.private, gated=self.target.gated)
        if before.head is None and self.target.revision != MAIN:
            self.client.branch(self.target.revision)

    def _tag(self, commit: str, title: str) -> None:
        assert self.target.tag is not None
        there = self.client.state(self.target.tag)
        if there is None:
            self.client.tag(self.target.tag, commit, title)
        elif there.head != commit:
            raise self._taken(there.head)

    def _taken(self, commit: str) -> ConfigError:
        tag = self.target.tag
        return ConfigError(
            f"{self.client.repo}: the tag {tag} is on commit {commit[:8]}, which has other files; a tag never moves: "
            f"choose another --tag"
        )

    def _url(self, commit: str) -> str:
        if commit.startswith("refs/pr/"):
            return f"{self.client.url}/discussions/{commit.rpartition('/')[2]}"
        return f"{self.client.url}/tree/{self.target.tag or commit}"

    def _tried(self, call: Callable[[], T]) -> T:
        def told(state: RetryCallState) -> None:
            assert state.outcome is not None
            self._say(f"{state.outcome.exception()}; trying again")

        retrying = Retrying(
            retry=retry_if_exception_type(Passing),
            wait=wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT),
            stop=stop_after_attempt(_TRIES),
            before_sleep=told,
            reraise=True,
        )
        try:
            return retrying(call)
        except Passing as error:
            raise RunError(f"{self.client.repo}: {error}, {_TRIES} times") from error


@dataclass(slots=True)
class _Tries:
    """Tries of one commit; `made` once one of them was sent, whether its answer came or not."""

    publisher: Publisher
    title: str
    made: bool = False

    def commit(self) -> str:
        client, target = self.publisher.client, self.publisher.target
        proposed = client.pull_request(self.title) if target.pull_request else None
        revision = proposed or target.revision
        at = client.state(None if revision == MAIN else revision)
        if at is None:
            raise Passing(f"{revision} is not there yet")
        missing = difference(self.publisher.files, client.tree(at.head))
        if not missing:
            return proposed or at.head
        self.made = True
        return client.commit(
            missing,
            self.title,
            parent=at.head,
            revision=revision,
            pull_request=target.pull_request and proposed is None,
        )
