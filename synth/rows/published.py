"""The `pairs` of a dataset that was published, from the Hub or from a folder of the same layout."""

from collections.abc import Iterator
from typing import Any

from synth.errors import ConfigError

_CONFIG = "pairs"


def published(source: str, revision: str | None, name: str) -> Iterator[dict[str, Any]]:
    """Rows of every split, one at a time. `source` is `org/name` or a folder; `name` is how errors call it.

    Raises ConfigError where it cannot be had, or was not written so that a later version can go on with it.
    """
    import datasets

    datasets.disable_progress_bars()
    try:
        splits = datasets.load_dataset(source, _CONFIG, revision=revision)
    except Exception as error:  # the Hub's client has a tree of errors; the user needs their words, not their types
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise ConfigError(f"previous: {name}: its `{_CONFIG}` cannot be read: {said}") from error
    for split in splits.values():
        if "asked" not in split.column_names:
            raise _without_marks(name)
        yield from split


def _without_marks(name: str) -> ConfigError:
    return ConfigError(
        f"previous: {name}: its `{_CONFIG}` have no column `asked`, so that nobody knows what still holds; name the "
        "run's folder, or leave `previous` out"
    )
