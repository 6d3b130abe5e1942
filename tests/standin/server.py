"""A stand-in for an OpenAI-compatible endpoint: real HTTP, counted calls, and a judge with known opinions.

    python -m tests.standin.server [--key KEY] [--wait SECONDS]

prints its address when it listens. What it does depends on the words it is shown, so that a test says what it wants in
its data:

    in a response   "[good]"       that response is better, and scores 9 against 3
    in the prompt   "[flip]"       the first slot wins, whatever stands there
                    "[contrary]"   the winner is given the lower score
                    "[garbage]"    the reply is no JSON
                    "[cut]"        the reply stops in the middle, finish_reason length
                    "[refuse]"     the model declines
                    "[too long]"   400, for this request only
                    "[broken]"     500, every time
                    "[scenario: X]"  asked for the scenario it says X, where that is on offer
    in any message  "[twice]"      the improved draft of a scenario names a criterion twice

Without a mark the responses tie, and the scenario is `others`. Asked to draft a scenario it writes a vague criterion,
and a better one when it is asked to criticise that. `POST /control {"status": 401, "message": "...", "times": N}` makes
the next N calls fail so (-1: all); `{"no_schema": true}` refuses json_schema. `GET /count` tells the calls that were
paid for.
"""

import argparse
import asyncio
import json
import re
from typing import Any

from aiohttp import web

_SLOT = r"<response{0}>\n(.*?)\n</response{0}>"


class Judge:
    """What the endpoint says, and how often it was asked."""

    def __init__(self, key: str, wait: float) -> None:
        self.key = key
        self.wait = wait
        self.paid: list[str] = []
        self.in_flight = self.most_in_flight = 0
        self.failure: dict[str, Any] = {}
        self.no_schema = False

    async def complete(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return _error(401, f"Incorrect API key provided: {request.headers.get('Authorization', '')[7:]}")
        if body["model"] == "no-such-model":
            return _error(404, "The model `no-such-model` does not exist")
        if self.no_schema and body.get("response_format", {}).get("type") == "json_schema":
            return _error(400, "response_format json_schema is not supported")
        if self.failure.get("times", 0) != 0:
            self.failure["times"] -= 1
            return _error(self.failure["status"], self.failure["message"])
        prompt = body["messages"][-1]["content"]
        if "[too long]" in prompt:
            return _error(400, "This model's maximum context length is 10 tokens")
        if "[broken]" in prompt:
            return _error(500, "The server had an error")
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.wait)
        finally:
            self.in_flight -= 1
        self.paid.append(json.dumps(body["messages"]))
        return web.json_response(_completion(body, prompt))

    async def count(self, request: web.Request) -> web.Response:
        distinct = len(set(self.paid))
        return web.json_response({"paid": len(self.paid), "distinct": distinct, "most_in_flight": self.most_in_flight})

    async def control(self, request: web.Request) -> web.Response:
        order = await request.json()
        self.no_schema = order.get("no_schema", self.no_schema)
        self.wait = order.get("wait", self.wait)
        self.failure = order if "status" in order else self.failure
        return web.json_response({})


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"message": message, "type": "stand_in", "code": None}}, status=status)


def _completion(body: dict[str, Any], prompt: str) -> dict[str, Any]:
    text, finish = _reply(body, prompt), "stop"
    if "[cut]" in prompt:
        text, finish = text[: len(text) // 2], "length"
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if "[refuse]" in prompt:
        message = {"role": "assistant", "content": None, "refusal": "I cannot judge this."}
    return {
        "id": "stand-in",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": len(prompt) // 4, "completion_tokens": len(text) // 4, "total_tokens": 0},
    }


def _reply(body: dict[str, Any], prompt: str) -> str:
    if "[garbage]" in prompt:
        return "Both responses have their merits."
    if '"choose_when"' in prompt:
        return json.dumps(_draft(improved='"critique"' in prompt, twice="[twice]" in json.dumps(body["messages"])))
    if '"scenario":' in body["messages"][0]["content"]:
        return json.dumps(_scenario(body, prompt))
    slots = [re.search(_SLOT.format(name), prompt, re.DOTALL) for name in ("_1", "_2", "")]
    first, second, alone = (slot[1] if slot else "" for slot in slots)
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    reply: dict[str, Any] = {}
    if "reference" in schema.get("properties", {}) or '"reference":' in body["messages"][0]["content"]:
        reply["reference"] = "What I would answer."
    if alone:
        score = _score(alone)
        names = re.findall(r"^- (\w+): ", body["messages"][0]["content"], re.MULTILINE)
        names = list(schema["properties"]["criteria"]["properties"]) if schema else names
        reply["criteria"] = {name: {"comment": "As it is.", "score": score} for name in names}
        return json.dumps(reply | {"critique": f"It says {alone[:20]!r}.", "score": score})
    score_1, score_2 = _score(first), _score(second)
    verdict = "tie" if score_1 == score_2 else "1" if score_1 > score_2 else "2"
    if "[flip]" in prompt:
        score_1, score_2, verdict = 8, 4, "1"
    if "[contrary]" in prompt:
        score_1, score_2 = score_2, score_1
    return json.dumps(
        reply
        | {
            "comparison": "One of them is sounder.",
            "critique_1": f"Response 1 says {first[:20]!r}.",
            "critique_2": f"Response 2 says {second[:20]!r}.",
            "score_1": score_1,
            "score_2": score_2,
            "verdict": verdict,
        }
    )


def _scenario(body: dict[str, Any], prompt: str) -> dict[str, str]:
    mark = re.search(r"\[scenario: (\w+)\]", prompt)
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    offered = schema["properties"]["scenario"]["enum"] if schema else [mark[1]] if mark else []
    if mark is None or mark[1] not in offered:
        return {"reason": "Nothing tells.", "scenario": "others"}
    return {"reason": f"It says {mark[0]}.", "scenario": mark[1]}


def _draft(*, improved: bool, twice: bool) -> dict[str, Any]:
    description = "States a good amount."
    if improved:
        description = "States the amount that the customer gets back. Fails if no figure is named."
    criterion = {"name": "amount_stated", "type": "content", "objective": True, "applies_when": ""}
    draft = {
        "choose_when": "The customer asks for money back, which policy_question does not.",
        "criteria": [criterion | {"description": description}] * (2 if improved and twice else 1),
        "examples": ["I want my money back for order 7."],
    }
    return {"critique": "The amount was vague."} | draft if improved else draft


def _score(response: str) -> int:
    return 9 if "[good]" in response else 3


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--key", default="")
    arguments.add_argument("--wait", type=float, default=0.0)
    given = arguments.parse_args()
    asyncio.run(_serve(Judge(given.key, given.wait)))


async def _serve(judge: Judge) -> None:
    app = web.Application(client_max_size=2**26)
    app.router.add_post("/v1/chat/completions", judge.complete)
    app.router.add_get("/count", judge.count)
    app.router.add_post("/control", judge.control)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
