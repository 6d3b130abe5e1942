"""Calls to one dataset repository of the Hub. Every failure is one of three: it may pass, it is the user's to mend, or
it is a bug."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from synth.errors import ConfigError
from synth.hub.files import Difference


class Passing(Exception):  # noqa: N818
    """What may pass: another commit came first, the Hub has a fault, an answer was lost."""


@dataclass(frozen=True, slots=True)
class State:
    """`head` is the commit that a revision is at."""

    head: str
    private: bool
    gated: str


class Client:
    """`repo` is `owner/name`. The token is HF_TOKEN or that of `hf auth login`, and is repeated nowhere."""

    def __init__(self, repo: str, *, quiet: bool = False) -> None:
        """Raises ConfigError for a name without its owner, and where there is no token."""
        from huggingface_hub import HfApi, get_token
        from huggingface_hub.utils.tqdm import disable_progress_bars

        if repo.count("/") != 1:
            raise ConfigError(f"--repo: found {repo!r}; it is owner/name, as in me/{repo}")
        token = get_token()
        if not token:
            raise ConfigError(
                "no token for the Hub; make one with write access in its settings, and put it into HF_TOKEN "
                "or give it to `hf auth login`"
            )
        self.repo = repo
        self.token = token
        self._api = HfApi(token=token)
        if quiet:
            disable_progress_bars()
        self.url = f"{self._api.endpoint}/datasets/{repo}"

    def state(self, revision: str | None = None) -> State | None:
        """None where there is no such repository, or no such revision of it."""
        from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

        with self._asking():
            try:
                info = self._api.dataset_info(self.repo, revision=revision)
            except (RepositoryNotFoundError, RevisionNotFoundError) as error:
                if error.response.status_code != 404:  # what the token may not see
                    raise
                return None
        return State(str(info.sha), bool(info.private), str(info.gated or ""))

    def tree(self, commit: str) -> dict[str, str]:
        """Every file of a commit: path -> sha256 of a large one, git hash of another."""
        from huggingface_hub.hf_api import RepoFile

        with self._asking():
            found = self._api.list_repo_tree(self.repo, recursive=True, revision=commit, repo_type="dataset")
            files = [one for one in found if isinstance(one, RepoFile)]
        return {one.path: one.lfs.sha256 if one.lfs else one.blob_id for one in files}

    def create(self, *, private: bool) -> None:
        with self._asking():
            self._api.create_repo(self.repo, repo_type="dataset", private=private, exist_ok=True)

    def settings(self, *, private: bool, gated: str | None) -> None:
        """Make it private, gate it, or both; nothing is ever opened."""
        with self._asking():
            self._api.update_repo_settings(
                self.repo,
                repo_type="dataset",
                private=True if private else None,
                gated=gated,  # type: ignore[arg-type]  # "auto" or "manual"
            )

    def branch(self, name: str) -> None:
        with self._asking():
            self._api.create_branch(self.repo, branch=name, repo_type="dataset", exist_ok=True)

    def commit(
        self, difference: Difference, title: str, *, parent: str, revision: str, pull_request: bool = False
    ) -> str:
        """One commit, or none where `parent` is no longer the head. Returns its oid, or the revision of the new PR."""
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        operations: list[CommitOperationAdd | CommitOperationDelete] = [
            *(CommitOperationAdd(one.path, one.source) for one in difference.add),
            *(CommitOperationDelete(path) for path in difference.remove),
        ]
        with self._asking():
            made = self._api.create_commit(
                self.repo,
                operations,  # made anew each time: the library keeps what it found in them
                commit_message=title,
                repo_type="dataset",
                revision=revision,
                parent_commit=parent,
                create_pr=pull_request,
            )
        return made.pr_revision if pull_request and made.pr_revision else made.oid

    def pull_request(self, title: str) -> str | None:
        """The revision of one with this title that is still open."""
        with self._asking():
            for one in self._api.get_repo_discussions(
                self.repo, repo_type="dataset", discussion_type="pull_request", discussion_status="all"
            ):
                if one.title == title and one.status in ("open", "draft"):
                    return f"refs/pr/{one.num}"
        return None

    def tag(self, name: str, commit: str, message: str) -> None:
        with self._asking():
            self._api.create_tag(self.repo, tag=name, revision=commit, tag_message=message, repo_type="dataset")

    @contextmanager
    def _asking(self) -> Iterator[None]:
        from huggingface_hub import errors

        try:
            yield
        except errors.HfHubHTTPError as error:
            status = error.response.status_code
            said = self._hidden(error.server_message or _first_line(error))
            if status in (408, 409, 412, 429) or status >= 500:
                raise Passing(f"the Hub said {status} ({said})") from error
            raise ConfigError(f"{self.repo}: {_refusal(status, said)}") from error
        except errors.OfflineModeIsEnabled as error:
            raise ConfigError("HF_HUB_OFFLINE is set, and publishing needs the Hub; unset it") from error
        except errors.HTTPError as error:  # type: ignore[attr-defined]  # the HTTP library's own: no answer
            raise Passing(f"no answer of the Hub ({self._hidden(_first_line(error))})") from error
        except OSError as error:  # the same, of the library that huggingface_hub had before
            raise Passing(f"no answer of the Hub ({self._hidden(_first_line(error))})") from error
        except errors.HFValidationError as error:
            raise ConfigError(f"--repo: {_first_line(error)}") from error
        except ValueError as error:
            if "metadata" not in str(error):
                raise
            raise ConfigError(
                f"the Hub refuses the card: {self._hidden(str(error))}; see `card:` in the run's config"
            ) from error

    def _hidden(self, text: str) -> str:
        """On one line, and without the token, which an answer may repeat."""
        return " ".join(text.replace(self.token, "[secret]").split())


def _refusal(status: int, said: str) -> str:
    match status:
        case 401:
            return f"the Hub does not take the token ({said}); make one with write access, and put it into HF_TOKEN"
        case 403:
            return f"the token may not write here ({said}); it needs write access to this owner's datasets"
        case _:
            return f"the Hub refuses it with {status} ({said})"


def _first_line(error: Exception) -> str:
    return next((line for line in str(error).strip().splitlines() if line), type(error).__name__)
