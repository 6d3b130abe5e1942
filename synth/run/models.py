"""The models that a config names: the teacher, one that is asked again, those that answer prompts or write to order."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from synth.config import source
from synth.config.model import Config, Endpoint, Teacher
from synth.config.source import Source
from synth.errors import ConfigError
from synth.run.references.settings import writing_model
from synth.run.rescue.second_round import second_settings
from synth.teacher.local import weights
from synth.teacher.prices import Price, dearest, price


@dataclass(frozen=True, slots=True)
class Model:
    """A section of a config, the key that it stands under, and what its calls cost; None where that is not known."""

    key: str
    settings: Endpoint
    price: Price | None


def models(config: Config) -> Iterator[Model]:
    """The teacher is the first. Raises ConfigError as `second_settings` and `writing_model` do."""
    yield _model("teacher", config.teacher)
    if config.rescue is not None:
        yield _model("rescue.teacher", second_settings(config, config.rescue))
    if config.prompts is not None and config.prompts.generate is not None and config.prompts.generate.model is not None:
        yield _model("prompts.generate.model", config.prompts.generate.model)
    for index, one in enumerate(config.responses.models if config.responses else ()):
        yield _model(f"responses.models.{index}", one)
    if config.responses and config.responses.targets:
        yield _model("responses.targets.model", config.responses.writer)
    if config.flaws:
        yield _model("flaws.model", config.planter)
    if config.references is not None:
        written_by = writing_model(config, config.references)
        if config.references.model is not None:
            yield _model("references.model", written_by)


def _model(key: str, settings: Endpoint) -> Model:
    return Model(key, settings, price_of(settings))


def price_of(settings: Endpoint) -> Price | None:
    return price(settings.model, settings.addresses, own_prices(settings), batch=batch(settings))


def prices(named: Iterable[Model]) -> dict[str, Price | None]:
    """By the name that requests carry, which is all that the journal says: the dearest where several have one name."""
    by_name: dict[str, list[Price | None]] = {}
    for one in named:
        by_name.setdefault(served(one.settings), []).append(one.price)
    return {name: dearest(found) for name, found in by_name.items()}


def served(settings: Endpoint) -> str:
    """The model's name in requests."""
    return weights.served_as(settings.model) if weights.is_local(settings.model) else settings.model


def own_prices(settings: Endpoint) -> dict[str, float | None]:
    """Prices that win over the known ones. A model of this machine is free."""
    if settings.prices is not None:
        return settings.prices.model_dump()
    return {"input": 0.0, "output": 0.0} if weights.is_local(settings.model) else {}


def batch(settings: Endpoint) -> bool:
    """Whether it is asked by the Batch API, which only teachers are."""
    return isinstance(settings, Teacher) and settings.mode == "batch"


def check(config_path: Source, one: Model, budget_usd: float | None, *, to_ask: bool = True) -> None:
    """Raises ConfigError for a key that is not there (`to_ask`), a budget without a price, a batch where there are
    none."""
    settings = one.settings
    if to_ask and not weights.is_local(settings.model):
        section = tuple(int(part) if part.isdigit() else part for part in one.key.split("."))
        for name, variable in {"api_key_env": settings.api_key_env, **settings.headers}.items():
            keys = (*section, name) if name == "api_key_env" else (*section, "headers", name)
            _check_variable(source.place(config_path, keys), ".".join(map(str, keys)), variable)
    if budget_usd is not None and one.price is None:
        raise ConfigError(
            f"{config_path}: budget_usd needs a price, and none is known for {settings.model} at "
            f"{' and '.join(settings.addresses)}; add {one.key}.prices: {{input: ..., output: ...}}, in USD a million "
            "tokens"
        )
    if not batch(settings):
        return
    if weights.is_local(settings.model):
        raise ConfigError(
            f"{config_path}: {one.key}.mode: batch needs an endpoint with a Batch API, but '{settings.model}' runs "
            "on this machine; leave mode out"
        )
    if len(settings.addresses) > 1:
        raise ConfigError(
            f"{config_path}: {one.key}.mode: batch goes to one endpoint, but base_url names {len(settings.addresses)}; "
            "name one of them"
        )


def _check_variable(place: str, key: str, variable: str) -> None:
    if variable and not os.environ.get(variable):
        raise ConfigError(
            f"{place}: {key}: the environment variable {variable} is not set; export it, name another, "
            "or write '' for an endpoint without keys"
        )
