"""Who writes prompts, which, and what is asked for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from filters import language
from synth.asking import Terms
from synth.config.model import Config, Generate, Generator, Prompts
from synth.domain import Message, ParseFailure
from synth.parsing.prompt_reply import WrittenPrompt, parse_prompt
from synth.parsing.schema import on_the_wire
from synth.prompts.generation import Brief, generation_messages, reply_schema
from synth.promptset.passages import Passage
from synth.promptset.slots import EXAMPLES, Slot, attributes, mixed, slots, some
from synth.promptset.writing import Wanted
from synth.run.models import served
from synth.run.prepare import Prepared
from synth.run.teacher import LOCAL_PARAMETERS
from synth.scenario.offer import UNCERTAIN
from synth.teacher.call import Request
from synth.teacher.local import weights


def generates(config: Config) -> bool:
    return config.prompts is not None and config.prompts.generate is not None


@dataclass(frozen=True)
class Asks:
    """The asks of a run that has prompts written, which every part of it makes alike."""

    prepared: Prepared
    settings: Prompts = field(init=False)
    wanted: Generate = field(init=False)
    writer: Generator = field(init=False)
    _mixed: dict[str, list[Passage]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = self.prepared.config.prompts
        assert settings is not None, "asked only where prompts are written"
        assert settings.generate is not None, "asked only where prompts are written"
        assert settings.generate.model is not None, "the config fills it in"
        for name, value in (("settings", settings), ("wanted", settings.generate), ("writer", settings.generate.model)):
            object.__setattr__(self, name, value)

    @cached_property
    def attributes(self) -> dict[str, Sequence[str]]:
        return attributes(self.wanted.attributes, [language.name(code) for code in self.settings.languages])

    @cached_property
    def every_slot(self) -> list[Slot]:
        """Of the scenarios that rows are sorted into, but for `others`, which is no kind of prompt."""
        default = self.prepared.config.scenarios.default
        names = [one.name for one in self.prepared.offered if one.name != UNCERTAIN]
        return slots(
            [default] if default else names,
            per_scenario=self.wanted.per_scenario,
            total=self.wanted.total,
            of=self.attributes,
            seed=self.prepared.config.seed,
        )

    def passage(self, wanted: Wanted) -> Passage | None:
        """Each passage once before one comes again among the prompts of a scenario, and the next one at another try."""
        scenario, known = wanted.slot.scenario, self.prepared.material.passages
        if not known:
            return None
        if scenario not in self._mixed:
            self._mixed[scenario] = mixed(known, self.prepared.config.seed, "passage", scenario)
        return self._mixed[scenario][(wanted.slot.number - 1 + wanted.sample) % len(known)]

    def request(self, wanted: Wanted) -> Request:
        """The call that a try takes. The engine makes this very one, and so finds it in the journal again."""
        passage = self.passage(wanted)
        messages = generation_messages(
            self._brief(wanted.slot.scenario),
            wanted.slot.attributes,
            document=passage.text if passage else "",
            examples=list(self._examples(wanted)),
            unlike=wanted.unlike,
        )
        return self._terms.request(_chat(messages), on_the_wire(reply_schema()), wanted.sample)

    def read(self, reply: str, finish_reason: str) -> WrittenPrompt | ParseFailure:
        if finish_reason in ("refusal", "content_filter"):
            return ParseFailure("the model declined to write it", reply)
        found = parse_prompt(reply, reply_schema())
        cut = isinstance(found, ParseFailure) and finish_reason == "length"
        return ParseFailure("the reply reached max_tokens", reply) if cut else found

    @cached_property
    def _terms(self) -> Terms:
        named = self.writer.parameters
        usual = LOCAL_PARAMETERS if weights.is_local(self.writer.model) else {}
        temperature = self.wanted.temperature
        parameters = (usual if named is None else named) | ({} if temperature is None else {"temperature": temperature})
        return Terms(served(self.writer), self.writer.max_tokens, parameters)

    @property
    def model(self) -> str:
        return self._terms.model

    @property
    def parameters(self) -> dict[str, object]:
        return self._terms.parameters

    def _brief(self, scenario: str) -> Brief:
        settings, found = self.settings, self.prepared.catalogue.get(scenario)
        return Brief(found, self.wanted.domain, settings.min_chars, settings.max_chars)

    def _examples(self, wanted: Wanted) -> Iterator[str]:
        """The user's of this scenario or of none; where there are none, those of the scenario itself."""
        slot = wanted.slot
        of_user = [one.text for one in self.prepared.material.examples if one.scenario in ("", slot.scenario)]
        known = of_user or list(self.prepared.catalogue.get(slot.scenario).examples)
        yield from some(known, EXAMPLES, self.prepared.config.seed, "examples", slot.id, str(wanted.sample))


def _chat(messages: Sequence[Message]) -> tuple[tuple[str, str], ...]:
    return tuple((one.role, one.content) for one in messages)
