"""The openai client as most scripts use it: a semaphore, and every reply kept in a list.

python -m benchmarks.contenders.bare_openai ADDRESS REQUESTS SLOTS
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import openai


async def main(address: str, requests: str, slots: str) -> None:
    client = openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="none")
    free = asyncio.Semaphore(int(slots))

    async def ask(body: dict[str, Any]) -> str:
        async with free:
            answer = await client.chat.completions.create(**body)
            return answer.choices[0].message.content or ""

    bodies = [json.loads(line) for line in Path(requests).read_text().splitlines()]
    replies = await asyncio.gather(*map(ask, bodies))
    assert all(replies)
    await client.close()


asyncio.run(main(*sys.argv[1:]))
