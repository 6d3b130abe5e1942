import pyarrow as pa
import pytest

from synth.exports import FORMATS
from synth.exports.subset import Subset

KINDS = pa.schema(
    [
        ("text", pa.string()),
        ("number", pa.float64()),
        ("half", pa.float32()),
        ("whole", pa.int64()),
        ("flag", pa.bool_()),
        ("names", pa.list_(pa.string())),
        ("scores", pa.list_(pa.float64())),
        ("one", pa.struct([("a", pa.string()), ("b", pa.struct([("c", pa.int64())]))])),
        ("turns", pa.list_(pa.struct([("role", pa.string()), ("scores", pa.list_(pa.float64()))]))),
        ("lists", pa.list_(pa.list_(pa.string()))),
    ]
)


@pytest.mark.parametrize("schema", [KINDS, *(one.schema for one in FORMATS)], ids=["kinds", *(f.name for f in FORMATS)])
def test_features_are_what_datasets_itself_writes_into_a_card(schema: pa.Schema) -> None:
    from datasets import Features

    features = Subset("any", schema, ()).dataset_info()["features"]
    assert features == Features.from_arrow_schema(schema)._to_yaml_list()
    assert Features._from_yaml_list(features).arrow_schema.remove_metadata() == schema
