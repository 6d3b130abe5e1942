"""A stand-in for an OpenAI-compatible endpoint: real HTTP, counted calls, and a judge with known opinions.

    python -m tests.standin.server [--key KEY] [--wait SECONDS]

prints its address when it listens. What it does depends on the words it is shown, so that a test says what it wants in
its data:

    in a response   "[good]"       that response is better, and scores 9 against 3; on another scale its highest
                                score against the lowest
                    "[earns N]"    it scores N
                    "[rock]", "[paper]", "[scissors]" beat each other as in the game, whatever they score alone
    in the prompt   "[flip]"       the first slot wins, whatever stands there
                    "[wavers]"     the same, but only at temperature 0
                    "[contrary]"   the winner is given the lower score
                    "[garbage]"    the reply is no JSON
                    (the model `strong` takes no notice of these four unless "[hard]" stands there too)
                    "[cut]"        the reply stops in the middle, finish_reason length
                    "[refuse]"     the model declines
                    "[too long]"   400, for this request only
                    "[broken]"     500, every time
                    "[scenario: X]"  asked for the scenario it says X, where that is on offer
    in any message  "[twice]"      the improved draft of a scenario names a criterion twice

A message without a response to judge is a prompt to answer, with the model's name, the temperature, the system prompt
and the prompt. In such a prompt, for one model:

    "[[NAME: text]]"    it answers this text
    "[[NAME cut]]"      its answer stops, finish_reason length
    "[[NAME refuses]]"  it declines

Asked to write a prompt, it writes another one for every ask. In the ask

    "[again]"   it writes what it writes everybody, unless it is shown that this is there already
    "[always]"  the same, whatever it is shown
    "[mail]"    there is an e-mail address in it

Asked for a reference answer it does the same, or says where the prompt is from and ends with "Final answer: 42". With
"[votes: A | B | ...]" in the prompt it states A the first time, B the second, and so on around.

Asked for a response that earns a score it writes "[earns N]" in as many words as it is told, another N where the prompt
has "[misses its target]". Asked for a copy of a response with a flaw it spoils the copy in that way, and makes "[fine]"
of "[good]"; where the prompt has "[changes nothing]" it does not, and with "[tells]" it says what it did.

Without a mark the responses tie, and the scenario is `others`. Asked to draft a scenario it writes a vague criterion,
and a better one when it is asked to criticise that.

`POST /control` takes orders. `{"status": 401, "message": "...", "times": N}` makes the next N calls fail so (-1: all),
with `"retry_after": seconds` if that is said; instead of a status, `"fault"` is `drop` (the connection), `cut` (the
body short of its length), `html` (a page with status 200) or `hang`. `{"no_schema": true}` refuses json_schema,
`{"capacity": N}` says 429 to more than N calls at once, `{"usage": false}` leaves the token counts out, and
`{"cached": N}` says that N tokens of input came from the cache. `{"chaos": SHARE}` has that share of the calls go
wrong in all the ways of chaos.py.

`GET /count` tells the calls that were paid for, those that came at all, and the most at once; `GET /tokens` those of
input and output of all that were paid for. The Batch API is in batches.py.
"""

import argparse
import asyncio
import json
import re
from typing import Any

from aiohttp import web

from tests.standin.batches import Batches
from tests.standin.chaos import Chaos
from tests.standin.writing import written
from tests.words import words

_GAME = {"[rock]": "[scissors]", "[scissors]": "[paper]", "[paper]": "[rock]"}  # who beats whom
_MARK = re.compile(r"<prompt(-[0-9a-f]{8}|)>\n")
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
        self.cached = 0
        self.says_usage = True
        self.tokens = {"input": 0, "output": 0}
        self.capacity = 0
        self.came = 0
        self.chaos = Chaos()

    async def complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.came += 1
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return _error(401, f"Incorrect API key provided: {request.headers.get('Authorization', '')[7:]}")
        return await self.answer(body, request)

    async def answer(self, body: dict[str, Any], request: web.Request | None = None) -> web.StreamResponse:
        """`request` is None for a row of a batch."""
        if body["model"] == "no-such-model":
            return _error(404, "The model `no-such-model` does not exist")
        if self.no_schema and body.get("response_format", {}).get("type") == "json_schema":
            return _error(400, "response_format json_schema is not supported")
        if self.failure.get("times", 0) != 0:
            self.failure["times"] -= 1
            return await self._fail(request)
        if self.capacity and self.in_flight >= self.capacity:
            return _error(429, "Too many requests", retry_after=0.1)
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
        said = json.dumps(body["messages"])
        completion = _completion(body, prompt, self.paid.count(said))
        self.paid.append(said)
        usage = completion["usage"] | {"prompt_tokens_details": {"cached_tokens": self.cached}}
        self.tokens["input"] += usage["prompt_tokens"]
        self.tokens["output"] += usage["completion_tokens"]
        completion |= {"usage": usage if self.says_usage else None}
        fault = self.chaos.fault(body) if request else ""
        return await self.chaos.answer(fault, completion, request) if request else web.json_response(completion)

    async def count_tokens(self, request: web.Request) -> web.Response:
        return web.json_response(self.tokens)

    async def _fail(self, request: web.Request | None) -> web.StreamResponse:
        if request is None:
            return _error(self.failure["status"], self.failure["message"])
        match self.failure.get("fault"):
            case "html":
                return web.Response(text="<html><body>Bad gateway</body></html>", content_type="text/html")
            case "hang":
                await asyncio.sleep(3600)
            case "cut":
                answer = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
                await answer.prepare(request)
                await answer.write(b'{"choices": [{"mess')
            case None:
                order = self.failure
                return _error(order["status"], order["message"], order.get("retry_after"), order.get("code"))
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def count(self, request: web.Request) -> web.Response:
        distinct = len(set(self.paid))
        counts = {"paid": len(self.paid), "distinct": distinct, "most_in_flight": self.most_in_flight}
        return web.json_response(counts | {"came": self.came, "faults": self.chaos.served})

    async def control(self, request: web.Request) -> web.Response:
        order = await request.json()
        self.no_schema = order.get("no_schema", self.no_schema)
        self.says_usage = order.get("usage", self.says_usage)
        self.cached = order.get("cached", self.cached)
        self.wait = order.get("wait", self.wait)
        self.capacity = order.get("capacity", self.capacity)
        self.chaos.share = order.get("chaos", self.chaos.share)
        self.failure = order if "times" in order else self.failure
        return web.json_response({})


def _error(status: int, message: str, retry_after: float | None = None, code: str | None = None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    error = {"message": message, "type": "stand_in", "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


def _completion(body: dict[str, Any], prompt: str, asked_before: int) -> dict[str, Any]:
    text, finish = _reply(body, prompt, asked_before), "stop"
    if "[cut]" in prompt:
        text, finish = text[: len(text) // 2], "length"
    if f"[[{body['model']} cut]]" in prompt and "<response" not in prompt:
        finish = "length"
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if f"[[{body['model']} refuses]]" in prompt and "<response" not in prompt:
        message = {"role": "assistant", "content": None, "refusal": "I will not answer this."}
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


def _no_judgment(body: dict[str, Any], prompt: str) -> str | None:
    """A draft, a scenario, a prompt, or a response written to order, where one is asked for."""
    if '"choose_when"' in prompt:
        return json.dumps(_draft(improved='"critique"' in prompt, twice="[twice]" in json.dumps(body["messages"])))
    if '"scenario":' in body["messages"][0]["content"]:
        return json.dumps(_scenario(body, prompt))
    if '"situation":' in body["messages"][0]["content"]:
        return json.dumps(_prompt(prompt))
    return written(body, prompt)


def _reply(body: dict[str, Any], prompt: str, asked_before: int) -> str:
    if body["model"] == "strong" and "[hard]" not in prompt:
        prompt = re.sub(r"\[(flip|wavers|contrary|garbage)\]", "", prompt)
    if "[garbage]" in prompt:
        return "Both responses have their merits."
    if (text := _no_judgment(body, prompt)) is not None:
        return text
    mark = opening[1] if (opening := _MARK.match(prompt)) else ""
    slots = [re.search(_SLOT.format(name + mark), prompt, re.DOTALL) for name in ("_1", "_2", "")]
    if not any(slots):
        writes_reference = body["messages"][0]["content"].startswith("You write the reference answer")
        return _reference(body, prompt, asked_before) if writes_reference else _answer(body, prompt)
    first, second, alone = (slot[1] if slot else "" for slot in slots)
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    reply: dict[str, Any] = {}
    if "reference" in schema.get("properties", {}) or '"reference":' in body["messages"][0]["content"]:
        reply["reference"] = "What I would answer."
    if alone:
        score = _score(alone, schema)
        names = re.findall(r"^- (\w+): ", body["messages"][0]["content"], re.MULTILINE)
        names = list(schema["properties"].get("criteria", {}).get("properties", {})) if schema else names
        if names or not schema:
            grades = {name: {"comment": f"As it is, {words(name + alone)}.", "score": score} for name in names}
            reply["criteria"] = grades
        return json.dumps(reply | {"critique": f"It says {alone[:20]!r}, and has {words(prompt)}.", "score": score})
    score_1, score_2 = _score(first, schema), _score(second, schema)
    verdict = "tie" if score_1 == score_2 else "1" if score_1 > score_2 else "2"
    if (game := [_GAME.get(first.strip()), _GAME.get(second.strip())]) and None not in game and first != second:
        won = _GAME[first.strip()] == second.strip()
        score_1, score_2, verdict = (8, 4, "1") if won else (4, 8, "2")
    if "[flip]" in prompt or ("[wavers]" in prompt and not body.get("temperature")):
        score_1, score_2, verdict = 8, 4, "1"
    if "[contrary]" in prompt:
        score_1, score_2 = score_2, score_1
    return json.dumps(
        reply
        | {
            "comparison": f"One of them is sounder on {words(prompt)}.",
            "critique_1": f"Response 1 says {first[:20]!r} of {words(first + prompt)}.",
            "critique_2": f"Response 2 says {second[:20]!r} of {words(second + prompt)}.",
            "score_1": score_1,
            "score_2": score_2,
            "verdict": verdict,
        }
    )


def _reference(body: dict[str, Any], prompt: str, asked_before: int) -> str:
    if votes := re.search(r"\[votes: (.*?)\]", prompt):
        said = votes[1].split(" | ")
        return f"Step by step, attempt {asked_before}.\nFinal answer: {said[asked_before % len(said)]}"
    if f"[[{body['model']}: " in prompt:
        return _answer(body, prompt)
    return f"The reference of {body['model']} to: {prompt}\nFinal answer: 42"


def _answer(body: dict[str, Any], prompt: str) -> str:
    told = re.search(rf"\[\[{re.escape(body['model'])}: (.*?)\]\]", prompt, re.DOTALL)
    system = [one["content"] for one in body["messages"] if one["role"] == "system"]
    return told[1] if told else f"{body['model']} at {body.get('temperature')} under {system}: {prompt}"


def _prompt(asked: str) -> dict[str, str]:
    text = f"Tell me how {words(asked)} go with {words(asked[::-1])}."
    if "[always]" in asked or ("[again]" in asked and "<written_already" not in asked):
        text = "Tell me what everybody asks for, and why it is that everybody always asks for just this one thing."
    text += " Write to jane@doe.org." if "[mail]" in asked else ""
    return {"situation": f"Somebody wonders about {words(asked)}.", "prompt": text}


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


def _score(response: str, schema: dict[str, Any]) -> int:
    """On the scale that is asked for, where that is another than 1-10."""
    if earned := re.search(r"\[earns (\d+)\]", response):
        return int(earned[1])
    parts = schema.get("properties", {})
    asked = parts.get("score", parts.get("score_1", {}))
    low, high = asked.get("minimum", 1), asked.get("maximum", 10)
    scores = (9, 3) if high == 10 else (high, low)
    return scores[0] if "[good]" in response else scores[1]


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
    app.router.add_get("/tokens", judge.count_tokens)
    app.router.add_post("/control", judge.control)
    Batches(judge).add_to(app)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
