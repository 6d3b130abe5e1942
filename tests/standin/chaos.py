"""An endpoint on a bad day: by the request and how often it came, each call may go wrong in another way.

What an answer is never depends on the order in which calls come, so that two runs see the same day.
"""

import asyncio
import hashlib
import json
from collections import Counter
from typing import Any

from aiohttp import web

# By what comes of a call. `slow` and `wrong model` bring the right answer; `huge`, `nonsense` and `words` bring one
# that is paid for, and is not right; after the others the same call may be made again.
FAULTS = (
    *("500", "503", "429", "drop", "cut", "html", "bytes", "number", "nothing", "list"),
    *("slow", "wrong model", "huge", "nonsense", "words"),
)
NONSENSE = "Colourless green ideas sleep furiously."
_HUGE = "no end " * 200_000


class Chaos:
    """`share` of the calls go wrong, none where it is 0."""

    def __init__(self) -> None:
        self.share = 0.0
        self.served: Counter[str] = Counter()
        self._came: Counter[str] = Counter()

    def fault(self, body: dict[str, Any]) -> str:
        """What happens to this call; empty where it goes well."""
        if not self.share:
            return ""
        asked = json.dumps(body["messages"])
        self._came[asked] += 1
        drawn = hashlib.sha256(f"{self._came[asked]}:{asked}".encode()).digest()
        fault = FAULTS[drawn[0] % len(FAULTS)] if drawn[1] < 256 * self.share else ""
        self.served[fault] += 1
        return fault

    async def answer(self, fault: str, right: dict[str, Any], request: web.Request) -> web.StreamResponse:
        """`right` is the completion as it would have been."""
        match fault:
            case "500" | "503" | "429":
                return web.json_response({"error": {"message": "not now"}}, status=int(fault), headers=_AT_ONCE)
            case "drop":
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            case "cut":
                cut = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
                await cut.prepare(request)
                await cut.write(json.dumps(right).encode()[:100])
                assert request.transport is not None
                request.transport.close()
                return cut
            case "html":
                return web.Response(text="<!doctype html><h1>502 Bad Gateway</h1>", content_type="text/html")
            case "bytes":
                return web.Response(
                    body=b'{"choices": [{"message": {"content": "\xff\xfe', content_type="application/json"
                )
            case "nothing":
                return web.json_response({"choices": []})
            case "list":
                return web.json_response([right])
            case "slow":
                await asyncio.sleep(0.4)
            case "wrong model":
                right["model"] = "somebody-else"
            case "number" | "huge" | "nonsense" | "words":
                message = right["choices"][0]["message"]
                message["content"] = _content(fault, message["content"])
        return web.json_response(right)


_AT_ONCE = {"Retry-After": "0"}


def _content(fault: str, said: str) -> str | int:
    if fault == "nonsense":
        return json.dumps(_turned(json.loads(said)))
    return {"number": 7, "huge": _HUGE, "words": NONSENSE}[fault]


def _turned(said: Any) -> Any:
    """A reply that its schema allows: every text is nonsense, and every score 5."""
    if isinstance(said, dict):
        return {name: "2" if name == "verdict" else _turned(value) for name, value in said.items()}
    return NONSENSE if isinstance(said, str) else 5 if isinstance(said, int) else said
