"""distilabel as its documentation has it: its own OpenAILLM, and batches as large as there are slots.

python -m benchmarks.contenders.stock_distilabel ADDRESS REQUESTS SLOTS
"""

import json
import sys
import tempfile
from pathlib import Path

from distilabel.models import OpenAILLM
from distilabel.pipeline import Pipeline
from distilabel.steps import LoadDataFromDicts
from distilabel.steps.tasks import ChatGeneration


def main(address: str, requests: str, slots: str) -> None:
    bodies = [json.loads(line) for line in Path(requests).read_text().splitlines()]
    rows = [{"messages": body["messages"]} for body in bodies]
    with tempfile.TemporaryDirectory() as cache, Pipeline(name="stock", cache_dir=cache) as pipeline:
        load = LoadDataFromDicts(data=rows, batch_size=int(slots))
        llm = OpenAILLM(
            model="benchmark",
            base_url=f"{address}/v1",
            api_key="none",
            generation_kwargs={"max_new_tokens": 2048, "temperature": 0},
        )
        load >> ChatGeneration(llm=llm, input_batch_size=int(slots))
        result = pipeline.run(use_cache=False)
        assert len(result["default"]["train"]) == len(bodies)


if __name__ == "__main__":
    main(*sys.argv[1:])
