"""Bespoke Curator over its OpenAI backend, with no cache and every limit but the slots lifted.

python -m benchmarks.contenders.curator ADDRESS REQUESTS SLOTS

Runs in an environment of its own (benchmarks/peers.py). Curator first sends a call without messages, to look for rate
limits in the answer's headers, and has no setting against it.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

_NO_LIMIT = 10**12  # a minute; left out, it would be 200 requests


def main(address: str, requests: str, slots: str) -> None:
    os.environ["CURATOR_DISABLE_CACHE"] = "1"
    os.environ["CURATOR_DISABLE_RICH_DISPLAY"] = "1"
    os.environ["TELEMETRY_ENABLED"] = "false"
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # prices from its wheel, not from the network
    import litellm
    from bespokelabs import curator

    # The tokenizer it counts with lies in litellm's wheel; otherwise it is fetched from the network.
    tokenizers = Path(litellm.__file__).parent / "litellm_core_utils" / "tokenizers"
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(tokenizers))

    bodies = [json.loads(line) for line in Path(requests).read_text().splitlines()]
    messages = [body.pop("messages") for body in bodies]
    parameters = bodies[0]
    assert all(body == parameters for body in bodies)  # one model and one temperature, as an LLM of Curator has
    llm = curator.LLM(
        model_name=parameters.pop("model"),
        backend="openai",
        generation_params=parameters,
        backend_params={
            "base_url": f"{address}/v1",
            "api_key": "none",
            "max_concurrent_requests": int(slots),
            "max_requests_per_minute": _NO_LIMIT,
            "max_tokens_per_minute": _NO_LIMIT,
        },
    )
    with tempfile.TemporaryDirectory() as folder:
        result = llm(messages, working_dir=folder)
        replies = result.dataset["response"]
        assert len(replies) == len(messages)
        assert all(replies)


if __name__ == "__main__":
    main(*sys.argv[1:])
