"""The stand-in's Batch API: files, batches that run their rows through the same judge, and results out of order.

`POST /batches` with any of these orders, each of which is used up:

    {"drop": N}                     the next N rows are in neither result file, and are not run
    {"expire": N}                   the next N rows expire, and their batch ends as expired
    {"fail": {"status": S, "message": "...", "times": N}}   the next N rows fail so
    {"invalid": {"code": "...", "message": "...", "times": N}}  the next N batches are refused as a whole
    {"refuse_poll": N}              the next N looks at a batch are answered with 500
    {"refuse_download": N}          the next N downloads are answered with 500
    {"lose_answer": N}              the next N batches are made, and the request for them is answered with 500
    {"drop_creation": N}            the next N requests for a batch are answered with 500, and none is made

and these, which hold until they are changed: `{"hold": true}` keeps batches in progress, `{"silent": true}` makes
batches and never answers the request for them, `{"most_rows": N}` refuses larger batches as too many tokens, and all
while another is in progress. `GET /batches` tells what batches there were.
"""

import asyncio
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.standin.server import Judge

_PAGE = 2  # so that a list of three batches takes two pages


@dataclass
class _Batch:
    record: dict[str, Any]
    rows: list[dict[str, Any]]
    replies: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)


class Batches:
    """State of the Batch API."""

    def __init__(self, judge: "Judge") -> None:
        self._judge = judge
        self._orders: dict[str, Any] = {}
        self._files: dict[str, bytes] = {}
        self._batches: dict[str, _Batch] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._random = random.Random(0)

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/v1/files", self.upload)
        app.router.add_get("/v1/files/{id}/content", self.download)
        app.router.add_post("/v1/batches", self.create)
        app.router.add_get("/v1/batches", self.listed)
        app.router.add_get("/v1/batches/{id}", self.look)
        app.router.add_get("/batches", self.tell)
        app.router.add_post("/batches", self.control)

    async def upload(self, request: web.Request) -> web.Response:
        if refusal := self._without_key(request):
            return refusal
        form = await request.post()
        file = form["file"]
        assert form["purpose"] == "batch"
        assert isinstance(file, web.FileField)
        content = file.file.read()
        return web.json_response(
            {"id": self._store(content), "object": "file", "bytes": len(content), "purpose": "batch"}
        )

    async def download(self, request: web.Request) -> web.Response:
        if self._used("refuse_download"):
            return _error(500, "try again")
        return web.Response(body=self._files[request.match_info["id"]])

    async def create(self, request: web.Request) -> web.Response:
        if refusal := self._without_key(request):
            return refusal
        if self._used("drop_creation"):
            return _error(500, "try again")
        body = await request.json()
        rows = [json.loads(line) for line in self._files[body["input_file_id"]].splitlines()]
        batch = _Batch(
            {
                "id": f"batch_{len(self._batches)}",
                "object": "batch",
                "endpoint": body["endpoint"],
                "input_file_id": body["input_file_id"],
                "completion_window": body["completion_window"],
                "status": "validating",
                "created_at": len(self._batches),
                "metadata": body["metadata"],
                "request_counts": {"total": len(rows), "completed": 0, "failed": 0},
            },
            rows,
        )
        self._batches[batch.record["id"]] = batch
        self._tasks.append(asyncio.create_task(self._run(batch)))
        if self._orders.get("silent"):
            await asyncio.Event().wait()
        if self._used("lose_answer"):
            return _error(500, "try again")
        return web.json_response(batch.record)

    async def look(self, request: web.Request) -> web.Response:
        if refusal := self._without_key(request):
            return refusal
        if self._used("refuse_poll"):
            return _error(500, "try again")
        batch = self._batches.get(request.match_info["id"])
        return web.json_response(batch.record) if batch else _error(404, "No such batch")

    async def listed(self, request: web.Request) -> web.Response:
        """Newest first, in pages."""
        names = list(reversed(self._batches))
        start = names.index(request.query["after"]) + 1 if "after" in request.query else 0
        page = names[start : start + _PAGE]
        more = start + _PAGE < len(names)
        return web.json_response(
            {"object": "list", "data": [self._batches[name].record for name in page], "has_more": more}
        )

    async def tell(self, request: web.Request) -> web.Response:
        batches = list(self._batches.values())
        return web.json_response(
            {
                "rows": [len(batch.rows) for batch in batches],
                "bytes": [len(self._files[batch.record["input_file_id"]]) for batch in batches],
                "statuses": [batch.record["status"] for batch in batches],
                "files": len(self._files),
            }
        )

    async def control(self, request: web.Request) -> web.Response:
        self._orders |= await request.json()
        return web.json_response({})

    async def _run(self, batch: _Batch) -> None:
        record = batch.record
        if refusal := self._refusal(batch):
            record |= {"status": "failed", "errors": {"object": "list", "data": [refusal]}}
            return
        record["status"] = "in_progress"
        expired = False
        for row in batch.rows:
            name = {"id": f"request_{row['custom_id']}", "custom_id": row["custom_id"]}
            assert row["method"] == "POST"
            if self._used("drop"):
                continue
            if self._used("expire"):
                expired = True
                error = {"code": "batch_expired", "message": "This request could not be executed in time."}
                batch.errors.append(name | {"response": None, "error": error})
                continue
            answer = await self._answer(row["body"])
            done = {"status_code": answer.status, "request_id": "r", "body": json.loads(answer.body or b"")}  # type: ignore[arg-type]
            (batch.replies if answer.status == 200 else batch.errors).append(name | {"response": done, "error": None})
            record["request_counts"]["completed" if answer.status == 200 else "failed"] += 1
        while self._orders.get("hold"):
            await asyncio.sleep(0.02)
        for results, kind in ((batch.replies, "output_file_id"), (batch.errors, "error_file_id")):
            self._random.shuffle(results)
            if results:
                record[kind] = self._store(b"".join(json.dumps(one).encode() + b"\n" for one in results))
        record["status"] = "expired" if expired else "completed"

    def _refusal(self, batch: _Batch) -> dict[str, Any] | None:
        invalid = self._orders.get("invalid", {})
        if invalid.get("times", 0):
            invalid["times"] -= 1
            return {"code": invalid["code"], "message": invalid["message"], "line": 1, "param": None}
        most = self._orders.get("most_rows")
        running = any(one.record["status"] == "in_progress" for one in self._batches.values())
        if most and (running or len(batch.rows) > most):
            return {"code": "token_limit_exceeded", "message": "Enqueued token limit reached", "line": None}
        return None

    async def _answer(self, body: dict[str, Any]) -> web.Response:
        failure = self._orders.get("fail", {})
        if failure.get("times", 0):
            failure["times"] -= 1
            return _error(failure["status"], failure["message"])
        return await self._judge.answer(body)

    def _store(self, content: bytes) -> str:
        name = f"file-{len(self._files)}"
        self._files[name] = content
        return name

    def _used(self, order: str) -> bool:
        left = int(self._orders.get(order, 0))
        self._orders[order] = max(0, left - 1)
        return left > 0

    def _without_key(self, request: web.Request) -> web.Response | None:
        given = request.headers.get("Authorization", "")[7:]
        if self._judge.key and given != self._judge.key:
            return _error(401, f"Incorrect API key provided: {given}")
        return None


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"message": message, "type": "stand_in", "code": None}}, status=status)
