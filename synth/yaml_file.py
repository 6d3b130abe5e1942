"""The one door to YAML: safe loading, and the line of a key for error messages."""

import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from ruamel.yaml.reader import ReaderError

from synth.errors import ConfigError

_MOST_VALUES = 100_000


def read(path: Path, *, ours: bool = False) -> Any:
    """Load plain values (dict, list, str, int, float, bool, None) from a file.

    A file of `ours`, which came with the package, is parsed by libyaml: in a quarter of the time, but what somebody
    made for it could crash the process.
    Raises ConfigError with file and line for what cannot be read or is not YAML; duplicate keys count as errors, and so
    do aliases that lead back to themselves or stand for more than a file could say.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return YAML(typ="safe").load(text) if ours else _loaded(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path}:{line}: not valid YAML: {str(error.problem).splitlines()[0]}") from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(f"{path}:{line}: not valid YAML: {error.reason}") from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid YAML: {str(error).splitlines()[0]}") from error


def _loaded(text: str) -> Any:
    """Aliases are looked at before anything is made of them: nine lines of them can stand for a billion values."""
    yaml = YAML(typ="safe", pure=True)
    node = yaml.compose(text)
    if node is None:
        return None
    if _size(node, {}) > _MOST_VALUES:
        raise ValueError(f"its aliases stand for more than {_MOST_VALUES:,} values")
    return yaml.constructor.construct_document(node)


def _size(node: Node, known: dict[Node, int]) -> int:
    """How many values a node holds, each alias counted for what it stands for."""
    if node not in known:
        known[node] = 0  # while it is being counted
        known[node] = 1 + sum(_size(one, known) for one in _inside(node))
    if not known[node]:
        raise ValueError("an alias stands inside of what it is an alias of")
    return known[node]


def _inside(node: Node) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        yield from (one for pair in node.value for one in pair)
    elif isinstance(node, SequenceNode):
        yield from node.value


def text(value: Any) -> str:
    """Plain values as YAML, keys in their order: that of the splits decides which split a prompt is in."""
    made, yaml = StringIO(), YAML(typ="safe", pure=True)
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.dump(value, made)
    return made.getvalue()


def quoted(value: str) -> str:
    """Text in double quotes, on one line."""
    made, yaml = StringIO(), YAML(typ="safe", pure=True)
    yaml.default_style = '"'  # type: ignore[assignment]
    yaml.width = sys.maxsize
    yaml.dump(value, made)
    return made.getvalue().rstrip("\n")


def line_of(path: Path, keys: tuple[str | int, ...]) -> int:
    """The line (from 1) of the deepest of `keys` that stands in the file. Reads the file again: for errors only.

    A key that came in by `<<` stands elsewhere; the line is that of the mapping it was merged into.
    """
    node = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    line = 1
    for key in keys:
        if isinstance(node, CommentedMap) and key in (node.lc.data or {}):
            line = node.lc.key(key)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
            line = node.lc.item(key)[0] + 1
        else:
            break
        node = node[key]
    return int(line)
