"""An endpoint for benchmarks: answers after a lognormal wait with a reply that obeys the schema it was sent.

    python -m benchmarks.endpoint [--median 0.3] [--sigma 0.6]

prints its address when it listens. The waits are drawn in the order of the calls from one seed, so that every contender
waits the same in sum. `POST /reset` starts the draw anew; `GET /count` tells calls, how many different prompts they
brought, seconds waited, and the most calls at once. It does as little work as it can: it shares the machine with what
is measured.
"""

import argparse
import asyncio
import hashlib
import json
import random
from functools import lru_cache
from typing import Any

from aiohttp import web

_WORDS = (
    "the answer names the sum and shows how it was reached while the other one leaves out a step that a reader needs "
    "and adds a figure that nobody asked for so it is harder to follow and to check"
).split()


class Endpoint:
    """Draws waits and counts calls."""

    def __init__(self, median: float, sigma: float) -> None:
        self._median, self._sigma = median, sigma
        self.reset()

    def reset(self) -> None:
        self._random = random.Random(0)
        self.calls, self.waited, self.in_flight, self.most_in_flight = 0, 0.0, 0, 0
        self.prompts: set[int] = set()

    async def complete(self, request: web.Request) -> web.Response:
        body = await request.json()
        wait = self._median * self._random.lognormvariate(0, self._sigma) if self._median else 0.0
        self.calls += 1
        if body["messages"]:  # a probe brings none
            self.prompts.add(hash("".join(str(message["content"]) for message in body["messages"])))
        self.waited += wait
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if wait:
                await asyncio.sleep(wait)
        finally:
            self.in_flight -= 1
        schema = body.get("response_format", {}).get("json_schema", {}).get("schema", {"type": "object"})
        text = _reply(json.dumps(schema), self.calls % 7)
        return web.Response(body=_completion(body["model"], text), content_type="application/json")

    async def count(self, request: web.Request) -> web.Response:
        count = {"calls": self.calls, "prompts": len(self.prompts), "waited": self.waited}
        return web.json_response(count | {"most_in_flight": self.most_in_flight})

    async def start_anew(self, request: web.Request) -> web.Response:
        self.reset()
        return web.json_response({})


def _completion(model: str, text: str) -> bytes:
    usage = {"prompt_tokens": 1000, "completion_tokens": len(text) // 4, "total_tokens": 1000 + len(text) // 4}
    message = {"role": "assistant", "content": text}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    completion = {"id": "x", "object": "chat.completion", "created": 0, "model": model, "choices": choices}
    return json.dumps(completion | {"usage": usage}).encode()


@lru_cache(maxsize=4096)
def _reply(schema: str, variant: int) -> str:
    return json.dumps(_instance(json.loads(schema), random.Random(hashlib.sha256(schema.encode()).digest()), variant))


def _instance(schema: dict[str, Any], draw: random.Random, variant: int) -> Any:
    if "anyOf" in schema:
        return _instance(schema["anyOf"][0], draw, variant)
    if "enum" in schema:
        return schema["enum"][variant % len(schema["enum"])]
    match schema.get("type"):
        case "object":
            return {name: _instance(part, draw, variant) for name, part in schema.get("properties", {}).items()}
        case "integer" | "number":
            return min(schema["maximum"], schema["minimum"] + variant)
        case _:
            return " ".join(draw.choices(_WORDS, k=30))


async def _serve(endpoint: Endpoint) -> None:
    app = web.Application(client_max_size=2**26)
    app.router.add_post("/v1/chat/completions", endpoint.complete)
    app.router.add_get("/count", endpoint.count)
    app.router.add_post("/reset", endpoint.start_anew)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=4096)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--median", type=float, default=0.3)
    arguments.add_argument("--sigma", type=float, default=0.6)
    given = arguments.parse_args()
    asyncio.run(_serve(Endpoint(given.median, given.sigma)))


if __name__ == "__main__":
    main()
