"""NeMo Data Designer: the messages as seed rows, the reply as one column, as many parallel requests as slots.

python -m benchmarks.contenders.data_designer ADDRESS REQUESTS SLOTS

Runs in an environment of its own (benchmarks/peers.py).
"""

import json
import os
import sys
import tempfile
from pathlib import Path


def main(address: str, requests: str, slots: str) -> None:
    os.environ["NEMO_TELEMETRY_ENABLED"] = "false"
    import data_designer.config as dd
    import pandas
    from data_designer.interface import DataDesigner

    bodies = [json.loads(line) for line in Path(requests).read_text().splitlines()]
    rows = [{message["role"]: message["content"] for message in body.pop("messages")} for body in bodies]
    parameters = bodies[0]
    assert all(body == parameters for body in bodies)  # one model and one temperature, as a ModelConfig has
    model = dd.ModelConfig(
        alias="teacher",
        model=parameters.pop("model"),
        provider="endpoint",
        inference_parameters=dd.ChatCompletionInferenceParams(max_parallel_requests=int(slots), **parameters),
        skip_health_check=True,  # which is a call
    )
    with tempfile.TemporaryDirectory() as folder:
        endpoint = dd.ModelProvider(name="endpoint", endpoint=f"{address}/v1", api_key="none")
        designer = DataDesigner(artifact_path=folder, model_providers=[endpoint])
        # One group of all rows, so that none waits for the slowest call of another.
        designer.set_run_config(dd.RunConfig(buffer_size=len(rows), otel_metrics_port=None))
        config = dd.DataDesignerConfigBuilder(model_configs=[model])
        config.with_seed_dataset(dd.DataFrameSeedSource(df=pandas.DataFrame(rows)))
        config.add_column(
            dd.LLMTextColumnConfig(
                name="reply", model_alias="teacher", system_prompt="{{ system }}", prompt="{{ user }}"
            )
        )
        replies = designer.create(config, num_records=len(rows)).load_dataset()["reply"]
        assert len(replies) == len(rows)
        assert replies.map(bool).all()


if __name__ == "__main__":
    main(*sys.argv[1:])
