"""From rows to prompts, with the responses that they bring; for configs that make pairs of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from synth.domain import Given, Pair, PromptRow
from synth.rows import values
from synth.rows.columns import INPUT, OF_PROMPTS
from synth.rows.pairs import Admission, SetAside, absent, bad, check_columns, check_scenario, read_pair
from synth.rows.read import BadRow, Row, as_json
from synth.scenario import Catalogue

_PAIR = ("response_a", "model_a"), ("response_b", "model_b")


@dataclass(frozen=True, slots=True)
class Placed:
    """A prompt of the input, and where it stands."""

    row: PromptRow
    number: int
    place: str


def prompt_rows(
    rows: Iterable[Row | BadRow],
    columns: Mapping[str, str],
    catalogue: Catalogue,
    *,
    asked: bool,
    skip_bad_rows: bool,
) -> Iterator[Placed | Pair | SetAside]:
    """Each row becomes a prompt, stays the pair that people labelled, or is set aside with its reason.

    The responses of a row are those of `responses`, `response_a` and `response_b`, none where models are `asked`.
    Set aside are rows that cannot be read, prompts that repeat an earlier one with the same responses, and what
    `synth.rows.pairs.pairs` sets aside of labelled pairs. Raises ConfigError as that does.
    """
    admission, checked = Admission(), False
    for row in rows:
        if isinstance(row, Row) and not checked:
            check_columns(row, columns)
            checked = True
        read = _read(row, columns, catalogue, asked=asked) if isinstance(row, Row) else row
        if isinstance(read, BadRow):
            yield bad(read, skip=skip_bad_rows)
        elif isinstance(read, Pair):
            yield admission.pair(read, row)
        else:
            found = admission.prompt(read, row)
            yield found if isinstance(found, SetAside) else Placed(found, row.number, row.place)


def _read(row: Row, columns: Mapping[str, str], catalogue: Catalogue, *, asked: bool) -> Pair | PromptRow | BadRow:
    if columns.get("prompt", "prompt") not in row.values:
        raise absent("prompt", columns, row)
    found = {ours: row.values.get(columns.get(ours, ours)) for ours in INPUT + OF_PROMPTS}
    try:
        if values.label(found["human_label"]) or values.labels(found["human_labels"]):
            return read_pair(row, columns, catalogue)
        listed = values.responses(found["responses"])
        paired = [(values.text(found, text), values.text(found, model)) for text, model in _PAIR]
        given = tuple(Given(*one) for one in [*listed, *(one for one in paired if one[0])])
        prompt = values.prompt(found["prompt"])
        if asked and prompt[-1].role != "user":
            raise values.ValueProblemError(
                f"the prompt ends with a turn of the {prompt[-1].role}, so there is nothing to answer"
            )
        if not asked and len(given) < 2:
            raise values.ValueProblemError(
                f"a pair needs two responses, found {len(given)}, and nobody is asked for more; list models in the "
                "config's `responses: {models: [...]}`"
            )
        made = PromptRow(
            id=values.text(found, "id", number=True),
            prompt=prompt,
            given=given,
            scenario=values.text(found, "scenario"),
            reference=values.text(found, "reference"),
            source=values.text(found, "source"),
        )
    except (values.ValueProblemError, RecursionError) as error:  # of what is nested as deeply as can be read
        return BadRow(row.number, row.place, str(error), as_json(dict(row.values)))
    check_scenario(made.scenario, row, catalogue)
    return made
