"""One fuzz target under atheris, which looks for inputs that take new ways through our code.

    python -m tests.fuzz.one TARGET FOLDER [options of libFuzzer]

FOLDER keeps what was found worth keeping, for the next time. `python -m tests.fuzz` does this for all targets.
"""

import re
import sys
from pathlib import Path

import atheris

from tests.fuzz.target import Target

# The YAML reader and the schema's validator are Python too, and their ways are the ways of our files and replies.
_FOLLOWED = ["synth", "filters", "jsonschema", "ruamel.yaml"]


def main() -> None:
    with atheris.instrument_imports(include=_FOLLOWED):
        from tests.fuzz.targets import named
    target, folder = named(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate((*target.seeds, *target.finds)):
        (folder / f"seed-{number}").write_bytes(data)
    words = folder.with_suffix(".words")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in sorted(_words(target))))
    atheris.Setup([sys.argv[0], str(folder), f"-dict={words}", *sys.argv[3:]], target.check)
    atheris.Fuzz()


def _words(target: Target) -> set[bytes]:
    """What the fuzzer puts in, beside bytes of its own: the words and marks of the seeds."""
    return {word for seed in target.seeds for word in re.findall(rb'"?\w+"?:?|[^\w\s]+', seed)}


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    main()
