"""What a config's `rescue` comes to: who is asked again, how often, and whether the first answer counts along.

A rescued pair passes all filters by its second round alone, or by the majority of all votes; never by those judgments
of both rounds that happen to agree. Whoever draws again until the filters are content selects for luck. Of pairs that
are judged by two coins, one for each order, half agree at once; where each order may be taken from either of two
tosses, seven in eight do, and none is more right for it. So nothing is put together from two rounds. The second is one
more draw, judged as the first was, and from another source: the same question to the same model is refused, as a second
toss of the same coins passes half of what the first dropped. Votes are all counted, those too that spoke against.
"""

from filters import Filters
from filters.order_unstable import OrderUnstable
from synth.config.model import Config, Rescue, Teacher
from synth.domain import Pair
from synth.errors import ConfigError
from synth.run.round import Round
from synth.scenario import Scenario
from synth.teacher.local import weights

# Filters that object to what the teacher said of a pair. What others object to, another answer does not mend.
MENDABLE = ("malformed", "inconsistent", "order_unstable", "protocols_disagree")
# Of votes: at 0 a model says the same every time. As in self-consistency (Wang et al. 2022, section 3.1).
VOTES_TEMPERATURE = 0.7


def second_settings(config: Config, rescue: Rescue) -> Teacher:
    """The settings of the teacher that is asked again, with the parameters of its requests.

    Raises ConfigError for votes that would all be the same.
    """
    settings = rescue.teacher or config.teacher
    if not rescue.votes:
        return settings
    if settings.parameters is None:
        local = {"repeat_penalty": 1.1} if weights.is_local(settings.model) else {}
        return settings.model_copy(update={"parameters": {"temperature": VOTES_TEMPERATURE, **local}})
    if settings.parameters.get("temperature") == 0:
        raise ConfigError(
            "rescue.votes: at temperature 0 a model votes the same every time; set "
            f"rescue: {{teacher: {{parameters: {{temperature: {VOTES_TEMPERATURE}}}}}}}"
        )
    return settings


def first_counts(config: Config, rescue: Rescue) -> bool:
    """Whether the first judgment of an ask is one of its votes: it is where the same model is asked the same."""
    same_model = rescue.teacher is None or rescue.teacher.model == config.teacher.model
    return bool(rescue.votes) and same_model and not rescue.reference


def round_of(config: Config, rescue: Rescue) -> Round:
    first = 1 if first_counts(config, rescue) else 0
    return Round(2, tuple(range(first, first + (rescue.votes or 1))), solve_first=rescue.reference)


def by(config: Config, rescue: Rescue) -> str:
    """Who or what answered in the second round, for people."""
    model = (rescue.teacher or config.teacher).model
    said = f"{rescue.votes + first_counts(config, rescue)} votes of {model}" if rescue.votes else model
    return f"{said} with its own answer first" if rescue.reference else said


def asks_something_new(config: Config, rescue: Rescue, pair: Pair, scenario: Scenario) -> bool:
    """False where all that is new is an answer of the teacher's own, and the first round had one or a better one."""
    if rescue.votes or (rescue.teacher is not None and not rescue.teacher.asks_as(config.teacher)):
        return True
    return not (pair.reference or scenario.solve_first)


def check_policy(filters: Filters, rescue: Rescue | None, *, finished: bool = False) -> None:
    """Raises ConfigError where flips are to be asked about again and nothing says how."""
    for one in filters.per_pair:
        if isinstance(one, OrderUnstable) and one.policy == "rescue" and rescue is None:
            what_next = (
                "filtering makes no call; choose drop or tie, or add a `rescue:` to its config and run it"
                if finished
                else "add `rescue: {teacher: {model: ...}}`, or choose drop or tie"
            )
            raise ConfigError(
                f"filters: order_unstable.policy is rescue, and there is no section `rescue`; {what_next}"
            )
