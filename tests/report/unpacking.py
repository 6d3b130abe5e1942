"""Reads a page as its script does."""

import json
import re
import zlib
from base64 import b64decode
from typing import Any


def unpacked(packed: str) -> Any:
    return json.loads(zlib.decompress(b64decode(packed)))


def examples(html: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The index of a page, and all its examples."""
    blocks = dict(re.findall(r'<script type="text/plain" id="([\w-]+)">([^<]*)</script>', html))
    index = unpacked(blocks.pop("index"))
    return index, [one for number in range(len(blocks)) for one in unpacked(blocks[f"chunk-{number}"])]
