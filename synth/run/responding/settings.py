"""Who answers: the models of a config with their settings, and which of them answer which prompt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from synth.asking import Terms, to_answer
from synth.config.model import Config, Endpoint, Responder, Targets, Writer
from synth.domain import PromptRow
from synth.errors import ConfigError
from synth.pairing.draw import Setting, drawn
from synth.pairing.response import Mark, Response, mark, same, without_thinking
from synth.run.models import served
from synth.run.teacher import LOCAL_PARAMETERS
from synth.teacher.call import Request
from synth.teacher.local import weights

_OF_A_SETTING = {"temperature", "system", "weight", "parameters", "max_tokens"}


@dataclass(frozen=True, slots=True)
class Responders:
    """`pools` are the endpoints, each once; settings name them by their place. Nobody, where `settings` is empty.

    `targets` are the responses that are written to earn a score, by `writer`.
    """

    settings: tuple[Setting, ...] = ()
    pools: tuple[Responder, ...] = ()
    per_prompt: int = 0
    targets: Targets | None = None
    writer: Writer | None = None


def responders(config: Config) -> Responders:
    """Raises ConfigError where two settings are the same."""
    if config.responses is None:
        return Responders()
    pools: list[Responder] = []
    settings: dict[str, Setting] = {}
    for index, one in enumerate(config.responses.models):
        pool = next((place for place, other in enumerate(pools) if _endpoint(other) == _endpoint(one)), len(pools))
        pools += [one] if pool == len(pools) else []
        for setting in _settings(one, pool):
            if setting.name in settings:
                raise ConfigError(
                    f"responses.models.{index}: {one.model} is listed with the same temperature and system prompt "
                    "before; change one of them (several addresses of one model are a list in base_url)"
                )
            settings[setting.name] = setting
    asked = config.responses
    writer = asked.writer if asked.targets else None
    return Responders(tuple(settings.values()), tuple(pools), asked.per_prompt, asked.targets, writer)


def _endpoint(one: Responder) -> dict[str, Any]:
    return one.model_dump(exclude=_OF_A_SETTING)


def _settings(one: Responder, pool: int) -> Iterator[Setting]:
    """The weight of an entry is that of all its settings together."""
    ways = list(product(one.temperatures, one.systems))
    for temperature, system in ways:
        yield replace(_setting(one, pool, temperature), weight=one.weight / len(ways), system=system)


def writers_setting(writer: Writer) -> Setting:
    """How a model is asked that writes what it is told to, which is the only one of its pool."""
    return _setting(writer, 0, writer.temperature)


def _setting(one: Endpoint, pool: int, temperature: float | None) -> Setting:
    local = weights.is_local(one.model)
    parameters = {name: value for name, value in LOCAL_PARAMETERS.items() if name != "temperature"} if local else {}
    return Setting(
        pool=pool,
        model=served(one),
        max_tokens=one.max_tokens,
        temperature=temperature,
        parameters=tuple(sorted((parameters if one.parameters is None else one.parameters).items())),
    )


def given(row: PromptRow) -> list[Response]:
    """The responses that the row brought, with their marks."""
    found: list[Response] = []
    for number, one in enumerate(row.given, start=1):
        found.append(marked(number, one.text, one.model, found))
    return found


def answered(
    number: int, setting: Setting, before: Sequence[Response], reply: str, finish_reason: str, error: str = ""
) -> Response:
    """What a model replied, with its mark."""
    return marked(number, without_thinking(reply), setting.model, before, finish_reason, error)


def marked(
    number: int, text: str, model: str, before: Sequence[Response], finish_reason: str = "", error: str = ""
) -> Response:
    """A response as it stands beside those `before` it."""
    said = frozenset(same(one.text) for one in before if one.mark is Mark.NONE)
    found, detail = mark(text, finish_reason, error, said)
    return Response(number, text, model, found, detail)


def lacking(row: PromptRow, who: Responders) -> int:
    """How many responses are to be asked for. Those of the row with a mark do not count."""
    return max(0, who.per_prompt - sum(one.mark is Mark.NONE for one in given(row)))


def written_to_targets(row: PromptRow, who: Responders) -> int:
    """How many of those that are lacking are written to earn a score; the others are answers."""
    return min(lacking(row, who), who.targets.per_prompt) if who.targets else 0


def answers(row: PromptRow, who: Responders) -> int:
    return lacking(row, who) - written_to_targets(row, who)


def asked(row: PromptRow, who: Responders, seed: int) -> list[tuple[int, Setting]]:
    """Who answers the prompt, with the number of the response."""
    chosen = drawn(who.settings, answers(row, who), seed, row.id)
    return list(enumerate(chosen, start=len(row.given) + 1))


def request(row: PromptRow, setting: Setting) -> Request:
    """The call that it takes. The engine makes this very one, and so finds it in the journal again."""
    terms = Terms(setting.model, setting.max_tokens, setting.sent)
    return terms.request(to_answer(row.prompt, setting.system), None)


def is_the_teacher(teacher: str, model: str) -> bool:
    """Whether two names are of one model, with the organisation before it or without."""
    one, other = (name.casefold().rpartition("/")[2] for name in (teacher, model))
    return bool(model) and one == other
