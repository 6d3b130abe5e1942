"""What a config or its rows may have got wrong without breaking a rule: said before the first call."""

import os
from collections.abc import Iterator
from difflib import get_close_matches

from synth.rows.columns import INPUT, OF_PROMPTS, OPTIONAL
from synth.rows.read import first_row
from synth.run.models import models
from synth.run.prepare import Prepared
from synth.teacher.local import weights

_ALIKE = 0.85  # difflib's ratio; 'human_lable' and 'human_label' have 0.91


def about_columns(prepared: Prepared) -> Iterator[str]:
    """Columns of the first row that nothing reads, and whose names are nearly those of optional ones it lacks."""
    data = prepared.config.data
    if data.path is None:
        return
    first = first_row(data.path, prepared.base, data.split)
    if first is None:
        return
    read_as = {data.columns.get(ours, ours) for ours in (*INPUT, *OF_PROMPTS)}
    lacking = [ours for ours in OPTIONAL if data.columns.get(ours, ours) not in first.values]
    for found in first.values:
        (nearest,) = get_close_matches(found, OPTIONAL, n=1, cutoff=_ALIKE) or [""]
        if found not in read_as and nearest in lacking:
            yield (
                f"{first.place}: nothing reads the column '{found}'; did you mean '{nearest}'? rename it, or map it "
                f"with `data: {{columns: {{{nearest}: {found}}}}}`"
            )


def about_keys(prepared: Prepared) -> Iterator[str]:
    """Environment variables that a run needs and that are not set."""
    for one in models(prepared.config):
        if not weights.is_local(one.settings.model):
            for variable in one.settings.variables:
                if not os.environ.get(variable):
                    yield f"{one.key}: the environment variable {variable} is not set, and the run will want it"
