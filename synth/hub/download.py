"""A file of the Hub, through the library's own cache: it resumes, and shows progress."""

from pathlib import Path

from synth.errors import ConfigError, RunError


def fetch(repo: str, file: str, what: str) -> Path:
    """`what` begins the error: it is the setting that names the file.

    Raises ConfigError where there is no such file, RunError where it cannot be fetched now.
    """
    from huggingface_hub import errors, hf_hub_download

    try:
        return Path(hf_hub_download(repo, file))
    except Exception as error:  # whichever HTTP library the installed huggingface_hub uses raises its own
        wrong = isinstance(error, errors.RepositoryNotFoundError | errors.EntryNotFoundError | errors.HFValidationError)
        if wrong and not isinstance(error, errors.LocalEntryNotFoundError):  # the latter says: no network
            raise ConfigError(
                f"{what}: {repo}/{file} is neither a file here nor one on the Hub ({_first_line(error)}); "
                "check the name, and HF_TOKEN if the repository is private or gated"
            ) from error
        raise RunError(f"{repo}/{file} could not be fetched ({_first_line(error)}); run again to resume it") from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
