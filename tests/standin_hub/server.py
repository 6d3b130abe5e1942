"""A stand-in for the Hugging Face Hub: real HTTP, datasets only, counted commits, and faults to plant.

    python -m tests.standin_hub.server

prints its address when it listens. It takes the token `hf_good` and no other. What is answered is what
huggingface_hub and datasets were measured to need (2.4.0 and 5.2.0), and no more.

`POST /control` takes orders: `{"at": STEP, "fault": FAULT, "times": N}`. A step is `create`, `read`, `tree`,
`preupload`, `upload`, `validate`, `commit`, `tag` or `settings`. A fault is a status (500, 429, ...),
`lost` (it is done, and the connection is cut before the answer), or, at `commit`, `rival` (another commit lands first).
`POST /reset` forgets everything. `GET /state` tells what there is, `GET /bytes` brings everything that was ever sent.
"""

import asyncio
import base64
import hashlib
import json
import re
from typing import Any

from aiohttp import web

from tests.standin_hub.repository import Blob, Repository

TOKEN = "hf_good"
_REPO = r"{owner:[^/]+}/{name:[^/]+}"
_DATASET = f"/api/datasets/{_REPO}"


class RefusedError(Exception):
    def __init__(self, answer: web.Response) -> None:
        self.answer = answer


class Hub:
    def __init__(self) -> None:
        self.address = ""
        self.clear()

    def clear(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.lfs: dict[str, bytes] = {}
        self.sent: list[bytes] = []
        self.orders: list[dict[str, Any]] = []

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        given = request.headers.get("Authorization")
        if given and given != f"Bearer {TOKEN}":
            said = "Invalid credentials in Authorization header"
            return _error(401, f"{said}: {given}", message=said)
        if request.path.startswith(("/api/", "/lfs/")) and request.can_read_body:
            self.sent.append(await request.read())
        try:
            return await handler(request)
        except RefusedError as refused:
            return refused.answer

    def repository(self, request: web.Request) -> Repository:
        found = self.repositories.get(f"{request.match_info['owner']}/{request.match_info['name']}")
        if found is None or (found.private and "Authorization" not in request.headers):
            raise RefusedError(_error(404, "Repository not found", code="RepoNotFound"))
        return found

    def fault(self, step: str) -> str | int | None:
        for order in self.orders:
            if order["at"] == step and order["times"]:
                order["times"] -= 1
                return order["fault"]
        return None

    def fails(self, step: str) -> str | int | None:
        """Raises the status that was ordered; any other fault is the caller's."""
        fault = self.fault(step)
        if isinstance(fault, int):
            raise RefusedError(_error(fault, f"planted at {step}"))
        return fault

    async def create(self, request: web.Request) -> web.Response:
        fault = self.fails("create")
        body = await request.json()
        name = f"{body['organization']}/{body['name']}"
        url = {"url": f"{self.address}/datasets/{name}"}
        if name in self.repositories:
            return web.json_response(url, status=409)
        self.repositories[name] = Repository(name, private=_private(body, before=False))
        return _unless_lost(fault, request, url)

    async def read(self, request: web.Request) -> web.Response:
        self.fails("read")
        repository = self.repository(request)
        commit = repository.at(request.match_info.get("revision", "main"))
        if commit is None:
            return _error(404, "Invalid rev id", code="RevisionNotFound")
        siblings = [{"rfilename": path} for path in commit.files]
        return web.json_response(
            {
                "id": repository.id,
                "sha": commit.oid,
                "private": repository.private,
                "gated": repository.gated,
                "siblings": siblings,
            }
        )

    async def settings(self, request: web.Request) -> web.Response:
        fault = self.fails("settings")
        repository, body = self.repository(request), await request.json()
        repository.private = _private(body, before=repository.private)
        repository.gated = body.get("gated", repository.gated)
        return _unless_lost(fault, request, {})

    async def branch(self, request: web.Request) -> web.Response:
        repository, name = self.repository(request), request.match_info["branch"]
        if name in repository.refs:
            return _error(409, "Reference already exists")
        repository.refs[name] = repository.refs["main"]
        return web.json_response({})

    async def tree(self, request: web.Request) -> web.Response:
        self.fails("tree")
        commit = self.repository(request).at(request.match_info["revision"])
        if commit is None:
            return _error(404, "Invalid rev id", code="RevisionNotFound")
        folder = request.match_info.get("folder", "").strip("/")
        inside = {path: blob for path, blob in commit.files.items() if not folder or path.startswith(f"{folder}/")}
        if folder and not inside:
            return _error(404, "Entry not found", code="EntryNotFound")
        entries = {path: blob.entry(path) for path, blob in inside.items()}
        for path in inside:
            for place in [match.start() for match in re.finditer("/", path)]:
                if place > len(folder):
                    entries[path[:place]] = {"type": "directory", "oid": "0" * 40, "size": 0, "path": path[:place]}
        if request.query.get("recursive", "").lower() not in ("1", "true"):
            depth = folder.count("/") + 1 if folder else 0
            entries = {path: one for path, one in entries.items() if path.count("/") == depth}
        return web.json_response([entries[path] for path in sorted(entries)])

    async def preupload(self, request: web.Request) -> web.Response:
        self.fails("preupload")
        commit = self.repository(request).at(request.match_info["revision"])
        assert commit is not None
        answer = []
        for file in (await request.json())["files"]:
            there = commit.files.get(file["path"])
            large = file["path"].endswith((".parquet", ".png")) or file["size"] > 10_000_000
            oid = {"oid": there.sha256 if there.lfs else there.git} if there else {}
            mode = "lfs" if large else "regular"
            answer.append({"path": file["path"], "uploadMode": mode, "shouldIgnore": False, **oid})
        return web.json_response({"files": answer})

    async def batch(self, request: web.Request) -> web.Response:
        objects = []
        for one in (await request.json())["objects"]:
            upload = {} if one["oid"] in self.lfs else {"upload": {"href": f"{self.address}/lfs/{one['oid']}"}}
            objects.append({"oid": one["oid"], "size": one["size"], **({"actions": upload} if upload else {})})
        return web.json_response({"transfer": "basic", "objects": objects})

    async def upload(self, request: web.Request) -> web.Response:
        self.fails("upload")
        data = await request.read()
        assert hashlib.sha256(data).hexdigest() == request.match_info["oid"]
        self.lfs[request.match_info["oid"]] = data
        return web.Response()

    async def validate(self, request: web.Request) -> web.Response:
        self.fails("validate")
        content = (await request.json())["content"]
        if "license: not-a-license" in content:
            said = {"message": '"license" must be one of [apache-2.0, mit, ...]'}
            return web.json_response({"errors": [said], "warnings": []}, status=400)
        return web.json_response({"errors": [], "warnings": []})

    async def commit(self, request: web.Request) -> web.Response:
        fault = self.fails("commit")
        repository, revision = self.repository(request), request.match_info["revision"]
        lines = [json.loads(line) for line in (await request.read()).splitlines()]
        by_kind: dict[str, list[dict[str, Any]]] = {}
        for line in lines:
            by_kind.setdefault(line["key"], []).append(line["value"])
        (header,) = by_kind["header"]
        if fault == "rival":
            repository.commit(revision, "a rival's", {"rival.txt": Blob(b"I was first.\n", lfs=False)}, [])
        if "parentCommit" not in header:
            return _error(400, "The stand-in takes no commit that would go on top of anything")
        if header["parentCommit"] != repository.refs[revision]:
            return _error(412, "A commit has happened since. Please refresh and try again.")
        add = {one["path"]: Blob(base64.b64decode(one["content"]), lfs=False) for one in by_kind.get("file", [])}
        add |= {one["path"]: Blob(self.lfs[one["oid"]], lfs=True) for one in by_kind.get("lfsFile", [])}
        remove = [one["path"] for one in by_kind.get("deletedFile", [])]
        answer = {}
        if request.query.get("create_pr") == "1":
            revision = repository.open_request(header["summary"])
            answer["pullRequestUrl"] = f"{self.address}/datasets/{repository.id}/discussions/{len(repository.requests)}"
        made = repository.commit(revision, header["summary"], add, remove)
        url = f"{self.address}/datasets/{repository.id}/commit/{made.oid}"
        return _unless_lost(fault, request, {"commitOid": made.oid, "commitUrl": url, "success": True, **answer})

    async def discussions(self, request: web.Request) -> web.Response:
        repository = self.repository(request)
        found = [
            {
                "num": number,
                "title": title,
                "status": "open",
                "isPullRequest": True,
                "author": {"name": "me"},
                "repo": {"name": repository.id, "type": "dataset"},
                "createdAt": "2025-01-01T00:00:00.000Z",
            }
            for number, title in enumerate(repository.requests, start=1)
        ]
        return web.json_response({"discussions": found, "count": len(found), "start": 0})

    async def tag(self, request: web.Request) -> web.Response:
        fault = self.fails("tag")
        repository, name = self.repository(request), (await request.json())["tag"]
        if name in repository.tags:
            return _error(409, "Tag already exists")
        commit = repository.at(request.match_info["revision"])
        assert commit is not None
        repository.tags[name] = commit.oid
        return _unless_lost(fault, request, {})

    async def resolve(self, request: web.Request) -> web.StreamResponse:
        commit = self.repository(request).at(request.match_info["revision"])
        if commit is None:
            return _error(404, "Invalid rev id", code="RevisionNotFound")
        blob = commit.files.get(request.match_info["path"])
        headers = {"X-Repo-Commit": commit.oid}
        if blob is None:
            return _error(404, "Entry not found", code="EntryNotFound", **headers)
        headers |= {"ETag": blob.etag, "Accept-Ranges": "bytes"}
        data, status = blob.data, 200
        if wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", "")):
            start, end = int(wanted[1]), min(int(wanted[2] or len(data) - 1), len(data) - 1)
            if start >= len(data):
                return web.Response(status=416, headers=headers | {"Content-Range": f"bytes */{len(data)}"})
            headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
            data, status = data[start : end + 1], 206
        return web.Response(body=data, status=status, headers=headers)

    async def control(self, request: web.Request) -> web.Response:
        self.orders.append({"times": 1} | await request.json())
        return web.json_response({})

    async def reset(self, request: web.Request) -> web.Response:
        self.clear()
        return web.json_response({})

    async def state(self, request: web.Request) -> web.Response:
        return web.json_response({name: one.record() for name, one in self.repositories.items()})

    async def sent_bytes(self, request: web.Request) -> web.Response:
        return web.Response(body=b"\n".join(self.sent))

    def app(self) -> web.Application:
        app = web.Application(client_max_size=2**28, middlewares=[self.guard])
        add = app.router
        add.add_post("/api/repos/create", self.create)
        add.add_post("/api/validate-yaml", self.validate)
        add.add_get(_DATASET, self.read)
        add.add_get(f"{_DATASET}/revision/{{revision}}", self.read)
        add.add_put(f"{_DATASET}/settings", self.settings)
        add.add_post(f"{_DATASET}/branch/{{branch}}", self.branch)
        add.add_get(f"{_DATASET}/tree/{{revision}}", self.tree)
        add.add_get(f"{_DATASET}/tree/{{revision}}/{{folder:.*}}", self.tree)
        add.add_post(f"{_DATASET}/preupload/{{revision}}", self.preupload)
        add.add_post(f"{_DATASET}/commit/{{revision}}", self.commit)
        add.add_post(f"{_DATASET}/tag/{{revision}}", self.tag)
        add.add_get(f"{_DATASET}/discussions", self.discussions)
        add.add_post(f"/datasets/{_REPO}.git/info/lfs/objects/batch", self.batch)
        add.add_put("/lfs/{oid}", self.upload)
        add.add_get(f"/datasets/{_REPO}/resolve/{{revision}}/{{path:.+}}", self.resolve)
        add.add_post("/control", self.control)
        add.add_post("/reset", self.reset)
        add.add_get("/state", self.state)
        add.add_get("/bytes", self.sent_bytes)
        return app


def _private(body: dict[str, Any], *, before: bool) -> bool:
    """Older clients say `private`, newer ones `visibility`."""
    return bool(body["visibility"] == "private" if body.get("visibility") else body.get("private", before))


def _error(status: int, said: str, *, message: str = "", code: str = "", **more: str) -> web.Response:
    headers = {"X-Error-Message": message or said, **({"X-Error-Code": code} if code else {}), **more}
    return web.json_response({"error": said}, status=status, headers=headers)


def _unless_lost(fault: str | int | None, request: web.Request, answer: dict[str, Any]) -> web.Response:
    if fault == "lost":
        assert request.transport is not None
        request.transport.close()
    return web.json_response(answer)


async def _serve() -> None:
    hub = Hub()
    runner = web.AppRunner(hub.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hub.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    print(hub.address, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
