"""The question a teacher would get about an example pair, for people to read."""

from synth.domain import Ask, Message, Order, Pair, Protocol, Side
from synth.prompts.manner import Manner
from synth.prompts.render import Question, question
from synth.scenario import Scenario


def example_question(scenario: Scenario, protocol: Protocol) -> Question:
    """The scenario's first example prompt with two responses that stand for any, asked as the defaults have it."""
    prompt = scenario.examples[0] if scenario.examples else "A prompt of this kind."
    pair = Pair(
        id="example",
        prompt=(Message("user", prompt),),
        response_a="The text of response a.",
        response_b="The text of response b.",
        scenario=scenario.name,
    )
    ask = Ask(protocol, order=Order.AB) if protocol is Protocol.PAIRWISE else Ask(protocol, response=Side.A)
    return question(pair, ask, scenario, Manner())
