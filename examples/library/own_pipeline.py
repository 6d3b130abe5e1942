"""judgemill's steps between steps of others, in a distilabel pipeline that knows nothing of judgemill.

    python examples/library/own_pipeline.py BASE_URL [MODEL]

Prints one judgment a line. Replies are in calls/: running it again pays for none of them.
"""

import json
import sys

from distilabel.pipeline import Pipeline
from distilabel.steps import KeepColumns, LoadDataFromDicts

from synth.engine import AskAboutPairs, Judge, TeacherLLM

ROWS = [
    {"question": "What is the capital of Australia?", "response_a": "Canberra.", "response_b": "Sydney, of course."},
    {"question": "Name a prime number above 10.", "response_a": "15", "response_b": "11 is one."},
]


def main(base_url: str, model: str = "my-model") -> None:
    with Pipeline(name="somebody-elses") as pipeline:
        rows = LoadDataFromDicts(data=ROWS, output_mappings={"question": "prompt"})
        asks = AskAboutPairs(input_batch_size=5000)  # a row for each order, and for each response alone
        teacher = TeacherLLM(model=model, base_url=base_url, api_key_env="", journal="calls")
        judge = Judge(llm=teacher, input_batch_size=20000)  # a failure is a value in the column of that name
        keep = KeepColumns(
            columns=["prompt", "protocol", "order", "response", "verdict", "score_a", "score_b", "failure"]
        )
        rows >> asks >> judge >> keep
    for row in pipeline.run(use_cache=False)["default"]["train"]:
        print(json.dumps(row))


if __name__ == "__main__":
    main(*sys.argv[1:])
