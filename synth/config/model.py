"""What a config file may say, with the defaults. Unknown keys are refused."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from synth.domain import Protocol, scale_named
from synth.flaws import NAMES as FLAW_NAMES
from synth.pairing.targets import even_scores
from synth.paths import portable
from synth.rows.columns import INPUT, OF_PROMPTS


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Data(_Section):
    """Where the pairs come from."""

    path: str | None = Field(
        None,
        min_length=1,
        description="A .jsonl, .json, .csv or .parquet file, or a Hub dataset id; not needed where `prompts.generate` "
        "has prompts written.",
    )
    split: str = Field("train", description="The split of a Hub dataset.")
    columns: dict[str, str] = Field(
        default_factory=dict, description="Our column -> the data's column, where they differ."
    )
    limit: int | None = Field(None, ge=1, description="Judge only the first so many pairs, or prompts.")
    bad_rows: Literal["stop", "skip"] = Field(
        "stop", description="What to do with a row that cannot be read: stop before any call, or set it aside."
    )

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: dict[str, str]) -> dict[str, str]:
        known = INPUT + OF_PROMPTS
        for ours in columns:
            if ours not in known:
                raise ValueError(f"unknown column {ours!r} of ours; one of {', '.join(known)}")
        return columns

    @property
    def named(self) -> str:
        """What errors call it."""
        return self.path or "prompts.generate"


class Scenarios(_Section):
    """Which scenario definitions there are beside the built-in ones, and how a row without one gets its own."""

    folders: list[str] = Field(default_factory=list, description="Folders with your own scenario files.")
    default: str | None = Field(
        None,
        description="The scenario of rows that name none, with no call for it; empty has the teacher choose.",
    )
    among: list[str] = Field(
        default_factory=list,
        description="What the teacher chooses from: scenarios, groups, and folders of `folders`; all where empty. "
        "`others` is always among them.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.default is not None and self.among:
            raise ValueError("'among' is what the teacher chooses from, and with 'default' it does not; leave one out")
        return self


class Prices(_Section):
    """USD a million tokens."""

    input: float = Field(ge=0, allow_inf_nan=False, description="USD a million tokens of input.")
    output: float = Field(ge=0, allow_inf_nan=False, description="USD a million tokens of output.")
    cached_input: float | None = Field(
        None, ge=0, allow_inf_nan=False, description="USD a million tokens of input that the endpoint had in its cache."
    )


ReplyMode = Literal["auto", "json_schema", "json_object", "text"]
_REPLY_MODE = "How JSON is asked for; auto tries them in this order on the first call."


class Endpoint(_Section):
    """A model behind any OpenAI-compatible endpoint, or embedded."""

    model: str = Field(
        min_length=1,
        description="`local` (embedded SmolLM2-135M), a .gguf file (path, or org/repo/file.gguf on the Hub), "
        "or a model of the endpoint.",
    )
    base_url: str | list[str] = Field(
        "https://api.openai.com/v1",
        description="The endpoint, or several of the same model, which share the work; not used by a local model.",
    )
    api_key_env: str = Field("OPENAI_API_KEY", description="The environment variable that holds the key.")
    headers: dict[str, str] = Field(
        default_factory=dict, description="Further headers: name -> the environment variable that holds the value."
    )
    slots: int | None = Field(
        None, ge=1, le=1000, description="Calls in flight at once, of each endpoint (32; 1 for a local model)."
    )
    requests_per_minute: float | None = Field(None, gt=0, description="The endpoint's limit, if it has one.")
    tokens_per_minute: float | None = Field(None, gt=0, description="The endpoint's limit, if it has one.")
    timeout: float = Field(600, gt=0, description="Seconds to wait for one reply.")
    retries: int = Field(4, ge=0, description="How often a failed call is tried again.")
    max_failing: float = Field(
        0.25, gt=0, le=1, description="Stop when more than this share of the last hundred calls failed for good."
    )
    max_tokens: int = Field(2048, ge=16, description="The longest reply, in tokens.")
    parameters: dict[str, Any] | None = Field(
        None,
        description="Sent with every request as they stand: temperature, top_p, seed, reasoning_effort, ... "
        "(temperature 0; a local model also gets repeat_penalty 1.1).",
    )
    prices: Prices | None = Field(None, description="Your own, where the endpoint's are not known or not yours.")
    context: int = Field(8192, ge=512, description="Tokens of context a slot of the local model has.")

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.base_url,) if isinstance(self.base_url, str) else tuple(self.base_url)

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that its key and headers are from."""
        return tuple(name for name in (self.api_key_env, *self.headers.values()) if name)

    def asks_as(self, other: "Teacher") -> bool:
        """Whether the same question is the same request to both, and so has its answer in the journal."""
        mine, theirs = ((one.model, one.max_tokens, one.parameters) for one in (self, other))
        return mine == theirs

    @field_validator("base_url")
    @classmethod
    def _some_and_different(cls, base_url: str | list[str]) -> str | list[str]:
        given = [base_url] if isinstance(base_url, str) else base_url
        if not given or not all(given) or len(set(given)) < len(given):
            raise ValueError(f"needs an address, or several different ones, found {base_url!r}")
        return base_url

    @field_validator("parameters")
    @classmethod
    def _not_ours(cls, parameters: dict[str, Any] | None) -> dict[str, Any] | None:
        for name in ("messages", "model", "response_format", "n", "stream"):
            if name in (parameters or ()):
                raise ValueError(f"{name!r} is set by judgemill itself; leave it out")
        return parameters


class Teacher(Endpoint):
    """The model that judges."""

    mode: Literal["live", "batch"] = Field(
        "live", description="batch: OpenAI's Batch API, half the price, answers within a day."
    )
    reply_mode: ReplyMode = Field("auto", description=_REPLY_MODE)


class Generator(Endpoint):
    """The model that writes prompts; what it does not name it has from the teacher."""

    reply_mode: ReplyMode = Field("auto", description=_REPLY_MODE)


class Generate(_Section):
    """Prompts that a model writes, of the scenarios that `scenarios` offers (or of its default)."""

    per_scenario: int | None = Field(None, ge=1, le=10_000, description="How many prompts of each scenario.")
    total: int | None = Field(None, ge=1, description="Or how many in all, as many of each scenario.")
    domain: str = Field("", description="What the prompts are about, and who writes them, in your words.")
    documents: str | None = Field(
        None,
        min_length=1,
        description="What passages are shown of: a text file, a folder of them, or rows with a column `text`.",
    )
    examples: str | list[str] = Field(
        default_factory=list, description="Prompts as they should be: a list, or a file of rows with `prompt`."
    )
    attributes: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Name -> values, of which each prompt is drawn one, beside length, expertise, tone and format; "
        "a name without values takes one of these out.",
    )
    temperature: float | None = Field(
        1, ge=0, allow_inf_nan=False, description="Of the model that writes; null: as its `parameters` have it."
    )
    tries: int = Field(3, ge=1, le=20, description="How often a prompt is asked for that is refused as it comes.")
    model: Generator | None = Field(
        None, description="Who writes them: a model, and what differs from the teacher's settings; else the teacher."
    )

    @model_validator(mode="after")
    def _one_count(self) -> Self:
        if (self.per_scenario is None) == (self.total is None):
            raise ValueError("needs one of 'per_scenario' and 'total', which say how many")
        for name, values in self.attributes.items():
            if not name.strip() or not all(one.strip() for one in values) or len(set(values)) < len(values):
                raise ValueError(f"attributes.{name}: needs different values, none of them empty, found {values!r}")
        return self


class Prompts(_Section):
    """Which prompts are taken, and how more of them come about. Rows that are left out are set aside with a reason."""

    per_scenario: int | None = Field(None, ge=1, description="At most so many different prompts of a scenario.")
    per_group: int | None = Field(None, ge=1, description="At most so many different prompts of a group of scenarios.")
    languages: list[str] = Field(
        default_factory=list,
        description="Codes of languages that prompts may be in (en, de, ...); any where empty.",
    )
    min_chars: int | None = Field(None, ge=1, description="The shortest prompt, in characters of all its turns.")
    max_chars: int | None = Field(None, ge=1, description="The longest prompt, in characters of all its turns.")
    near_duplicates: Literal["drop", "keep"] = Field(
        "drop", description="What to do with a prompt that is nearly the same as one that was taken."
    )
    similarity: float = Field(
        0.7, gt=0, le=1, description="Prompts are nearly the same that share so much of their three-word shingles."
    )
    personal_data: Literal["flag", "drop", "keep"] = Field(
        "flag",
        description="What to do with prompts that hold an e-mail address, a telephone, card, bank account or social "
        "security number: keep them and say so, leave them out, or not look.",
    )
    generate: Generate | None = Field(None, description="Prompts that a model writes.")

    @model_validator(mode="after")
    def _some_length(self) -> Self:
        if self.min_chars and self.max_chars and self.min_chars > self.max_chars:
            raise ValueError(f"min_chars {self.min_chars} is above max_chars {self.max_chars}")
        return self


class Responder(Endpoint):
    """A model that answers prompts. Several temperatures or system prompts are so many settings."""

    temperature: float | list[float] | None = Field(
        None, description="Of its answers, or several; the endpoint's own where none is named."
    )
    system: str | list[str] = Field("", description="The system prompt it answers under, or several.")
    weight: float = Field(
        1, gt=0, allow_inf_nan=False, description="How often it is drawn, where there are more settings than responses."
    )

    @property
    def temperatures(self) -> tuple[float | None, ...]:
        return tuple(self.temperature) if isinstance(self.temperature, list) else (self.temperature,)

    @property
    def systems(self) -> tuple[str, ...]:
        return (self.system,) if isinstance(self.system, str) else tuple(self.system)

    @field_validator("temperature", "system")
    @classmethod
    def _some_and_different_ones(cls, given: Any) -> Any:
        if isinstance(given, list) and (not given or len(set(given)) < len(given)):
            raise ValueError(f"needs one, or several different ones, found {given!r}")
        return given

    @model_validator(mode="after")
    def _one_temperature(self) -> Self:
        _refuse_two(self.temperature, self.parameters)
        return self


class Writer(Endpoint):
    """A model that writes what it is told to: a response of some quality, or a copy with a flaw."""

    temperature: float | None = Field(None, description="The endpoint's own where none is named.")

    @model_validator(mode="after")
    def _one_temperature(self) -> Self:
        _refuse_two(self.temperature, self.parameters)
        return self

    @classmethod
    def like(cls, other: Endpoint) -> "Writer":
        """The same model at the same endpoint, asked as no section says."""
        return cls(**other.model_dump(include=set(Endpoint.model_fields)))


def _refuse_two(temperature: Any, parameters: dict[str, Any] | None) -> None:
    if temperature is not None and "temperature" in (parameters or ()):
        raise ValueError("'temperature' stands in 'parameters' too; leave one out")


class Targets(_Section):
    """Responses that are written to earn a score by the scenario's criteria."""

    per_prompt: int = Field(2, ge=1, le=50, description="How many of a prompt's responses, each with another score.")
    scores: list[int] | None = Field(
        None, min_length=1, description="On the scale of `judging`; five from end to end where none are named."
    )
    model: Writer | None = Field(None, description="Who writes them; the first of responses.models.")

    @field_validator("scores")
    @classmethod
    def _different(cls, scores: list[int] | None) -> list[int] | None:
        if scores is not None and len(set(scores)) < len(scores):
            raise ValueError(f"needs different scores, found {scores}")
        return scores


class Responses(_Section):
    """Who answers the prompts. The responses that a row brings are kept, and count."""

    per_prompt: int = Field(2, ge=2, le=50, description="How many responses a prompt has, its own and those asked for.")
    models: list[Responder] = Field(min_length=1, description="Who is asked, each prompt by other models or settings.")
    targets: Targets | None = Field(None, description="So many of them are written to earn scores.")

    @property
    def writer(self) -> Writer:
        named = self.targets.model if self.targets else None
        return named or Writer.like(self.models[0])

    @model_validator(mode="after")
    def _targets_are_among_them(self) -> Self:
        if self.targets is not None and self.targets.per_prompt > self.per_prompt:
            raise ValueError(
                f"targets.per_prompt is {self.targets.per_prompt}, of {self.per_prompt} responses of a prompt in all; "
                "lower it, or raise per_prompt"
            )
        return self


class Flaws(_Section):
    """Copies of responses with one planted flaw, which make pairs whose right verdict is known."""

    kinds: list[str] = Field(default_factory=lambda: list(FLAW_NAMES), min_length=1, description="Which flaws.")
    share: float = Field(0.1, gt=0, le=1, description="Of so many of the pairs a response is copied with a flaw.")
    model: Writer | None = Field(None, description="Who plants them; the teacher's model where none is named.")

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: list[str]) -> list[str]:
        for kind in kinds:
            if kind not in FLAW_NAMES:
                raise ValueError(f"unknown flaw {kind!r}; one of {', '.join(FLAW_NAMES)}")
        if len(set(kinds)) < len(kinds):
            raise ValueError(f"needs different flaws, found {kinds}")
        return kinds


class Shares(_Section):
    """How many of the pairs are to be of each kind, in any unit."""

    hard: float = Field(1, ge=0, allow_inf_nan=False, description="Grades that differ, by `margin` at most.")
    easy: float = Field(1, ge=0, allow_inf_nan=False, description="Grades that differ by more.")
    tied: float = Field(1, ge=0, allow_inf_nan=False, description="Equal grades.")

    @model_validator(mode="after")
    def _any(self) -> Self:
        if not self.hard + self.easy + self.tied > 0:
            raise ValueError("one of them must be above 0")
        return self


class Pairs(_Section):
    """Which two of a prompt's responses are judged."""

    strategy: Literal["random", "every", "different_models", "similar_length", "spread"] = Field(
        "random", description="`spread` has every response graded first, and chooses pairs by the gap of the grades."
    )
    per_prompt: int | None = Field(None, ge=1, description="Pairs of a prompt (1); not used by `every`.")
    length_ratio: float = Field(
        1.3, ge=1, allow_inf_nan=False, description="`similar_length`: how many times longer one may be, in characters."
    )
    margin: float = Field(2, gt=0, allow_inf_nan=False, description="`spread`: the largest gap of a hard pair.")
    shares: Shares = Field(Shares(), description="`spread`: how many pairs are to be hard, easy and tied.")

    @model_validator(mode="after")
    def _all_or_some(self) -> Self:
        if self.strategy == "every" and self.per_prompt is not None:
            raise ValueError("'every' takes all pairs of a prompt; leave 'per_prompt' out")
        return self


class Judging(_Section):
    """How the teacher is asked."""

    protocols: list[Protocol] = Field(default_factory=lambda: [Protocol.PAIRWISE, Protocol.POINTWISE], min_length=1)
    scale: Literal["1-10", "1-5", "1-3", "binary"] = Field(
        "1-10", description="The scale of the scores, where the scenario has none of its own."
    )
    criteria: Literal["all", "own"] = Field(
        "all", description="All criteria of the scenario, or only its own without the inherited ones."
    )
    grade_criteria: bool = Field(
        True, description="Have every criterion graded before the whole, where a response is graded alone."
    )
    max_chars: int | None = Field(
        None, ge=40, description="The longest text of a reply, in characters; schema-constrained endpoints hold to it."
    )
    language: str = Field("auto", description="The critiques' language: auto follows the prompt.")


class References(_Section):
    """Who writes the reference of a prompt that brings none. One that a row brings stays."""

    by: Literal["teacher", "model", "majority", "responses"] = Field(
        description="The teacher, another model, or what most of several answers say: of a model asked several times, "
        "or the responses of the prompt."
    )
    model: Endpoint | None = Field(
        None, description="`model`, `majority`: who is asked, and what differs from the teacher's settings."
    )
    votes: int | None = Field(
        None,
        ge=3,
        le=99,
        description="`majority`: how many answers are asked for (5), of which more than half must agree.",
    )
    scenarios: list[str] = Field(
        default_factory=list,
        description="Scenarios, groups and folders of them whose prompts get one, and `solve_first` for those marked "
        "so; all where empty.",
    )

    @model_validator(mode="after")
    def _what_is_read(self) -> Self:
        if self.by == "model" and self.model is None:
            raise ValueError("'by: model' needs to know which; name it (model: {model: ...})")
        if self.by in ("teacher", "responses") and self.model is not None:
            raise ValueError(f"'by: {self.by}' asks no other model; leave 'model' out, or write 'by: model'")
        if self.by != "majority" and self.votes is not None:
            raise ValueError(f"'votes' are counted by 'majority', and this is 'by: {self.by}'; leave one out")
        return self


class Student(_Section):
    """What the judge that is trained on the exports is shown, and the scale it scores on."""

    criteria: Literal["auto", "in", "out"] = Field(
        "auto",
        description="Whether the scenario's criteria are in its prompt; auto: as the format's own system has it.",
    )
    reference: Literal["in", "out"] = Field(
        "in", description="Whether a pair's own reference is in its prompt, where the format has a place for it."
    )
    wordings: int = Field(1, ge=1, le=3, description="How many wordings of the instruction are used, in turn.")
    scale: Literal["auto", "1-10", "1-5", "1-3", "binary"] = Field(
        "auto", description="The scale of its scores where the format leaves it open; auto: the teacher's."
    )


class Augment(_Section):
    """Further rows of the split `train`, as copies with ids of their own. Other splits stay as they were judged."""

    swap: Literal["other_order", "relabel"] | None = Field(
        None,
        description="Each pair also with its responses in each other's place: in the teacher's own words of the other "
        "order, or with the words of this one relabelled.",
    )
    reference: Literal["support", "drop", "both"] | None = Field(
        None, description="Each pair that has a reference also with it in the student's prompt, or without, or both."
    )


class Outputs(_Section):
    """Where the run folder lands, and what is exported into its dataset/."""

    folder: str = Field("outputs", description="The run is written to <folder>/<name>/.")
    formats: list[str] = Field(default_factory=lambda: ["pairs"], min_length=1)
    student: Student = Student()
    splits: dict[str, float] = Field(
        default_factory=lambda: {"train": 0.9, "test": 0.1}, min_length=1, description="Split name -> its share."
    )
    held_out: list[str] = Field(
        default_factory=list,
        description="Scenarios, and groups and folders of them, that stand in the split `unseen` and in no other.",
    )
    augment: Augment = Augment()

    @field_validator("splits")
    @classmethod
    def _shares(cls, splits: dict[str, float]) -> dict[str, float]:
        for name, share in splits.items():
            if not re.fullmatch(r"\w+(\.\w+)*", name):
                raise ValueError(f"{name!r} is no split name: letters, digits, '_' and '.' between them")
            portable(name)
            if name == "all":
                raise ValueError("'all' is what `datasets` calls every split at once; choose another name")
            if not share > 0:  # NaN is not
                raise ValueError(f"the share of {name!r} is {share}; it must be above 0")
        if abs(sum(splits.values()) - 1) > 1e-6:
            raise ValueError(f"the shares add up to {sum(splits.values()):g}; they must add up to 1")
        return splits

    @model_validator(mode="after")
    def _splits_that_are_needed(self) -> Self:
        if self.held_out and "unseen" in self.splits:
            raise ValueError("'unseen' is where 'held_out' puts its pairs; give the split another name")
        if (self.augment.swap or self.augment.reference) and "train" not in self.splits:
            raise ValueError(f"'augment' copies rows of the split 'train'; 'splits' has {', '.join(self.splits)}")
        return self


class Imported(_Section):
    """How judgments came that were not asked for here. `judgemill import` writes it; nobody else does."""

    reply_format: str | None = Field(None, description="How recorded replies were read.")
    teachers: list[str] = Field(default_factory=list, description="The teachers that were taken, if not all.")
    votes: Literal["majority", "unanimous"] | None = Field(
        None, description="How several judgments of one ask were made one."
    )


class Audit(_Section):
    """What the teacher has to reach on the rows with a human label, before the others are judged."""

    require_agreement: float | None = Field(
        None, gt=0, le=1, description="The lower bound of the 95% interval must reach it, or the run stops with exit 3."
    )
    measure: Literal[
        "agreement",
        "agreement_without_ties",
        "agreement_flips_as_ties",
        "strict_agreement",
        "asked_once",
        "pointwise_agreement",
    ] = Field("agreement", description="Which agreement: of the verdicts that both orders share, or another.")


class Rescue(_Section):
    """How pairs are asked about again that contradict themselves, or could not be read."""

    teacher: Teacher | None = Field(
        None, description="Who is asked again: a model, and what differs from the teacher's settings."
    )
    votes: int | None = Field(
        None,
        ge=2,
        le=99,
        description="So many more judgments of each ask, most of which must say the same. The first is one of them "
        "where the same model is asked the same.",
    )
    reference: bool = Field(False, description="Have the teacher work out its own answer first.")


# What belongs to an endpoint or its keys: a second teacher at another one does not have it from the first.
_OF_AN_ENDPOINT = ("api_key_env", "headers", "mode", "slots", "requests_per_minute", "tokens_per_minute", "reply_mode")


def _second_model(first: Teacher, named: dict[str, Any], kind: type[Endpoint] = Teacher) -> dict[str, Any]:
    """The settings of a second model that names only what differs. Prices are those of a model at its endpoint."""
    another_endpoint = named.get("base_url", first.base_url) != first.base_url
    another_model = named.get("model", first.model) != first.model
    not_shared = (_OF_AN_ENDPOINT if another_endpoint else ()) + (
        ("prices",) if another_endpoint or another_model else ()
    )
    of_teachers = set(Teacher.model_fields) - set(kind.model_fields)
    return first.model_dump(exclude_unset=True, exclude={*not_shared, *of_teachers}) | named


class Card(_Section):
    """What only you can say of the dataset; it goes into the card as it stands."""

    pretty_name: str | None = Field(None, min_length=1, description="The title, instead of the run's name.")
    version: str | None = Field(None, description="The tag that `judgemill publish` sets; a tag never moves.")
    license: str | None = Field(None, description="Of the dataset, as the Hub calls it: cc-by-4.0, apache-2.0, other.")
    language: list[str] = Field(default_factory=list, description="Codes of the languages in it: en, de, ...")
    source_licenses: dict[str, str] = Field(
        default_factory=dict, description="Where prompts and responses are from -> its license."
    )
    teacher_terms: str | None = Field(
        None, min_length=1, description="What the teacher's terms say on training with what it wrote."
    )
    citation: str | None = Field(None, min_length=1, description="How to cite the dataset itself, as BibTeX.")

    @field_validator("version")
    @classmethod
    def _a_tag(cls, version: str | None) -> str | None:
        return version if version is None else tag_name(version)

    @field_validator("license")
    @classmethod
    def _an_id(cls, license_id: str | None) -> str | None:
        if license_id is not None and not re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", license_id):
            raise ValueError(
                f"{license_id!r} is no license as the Hub writes it: cc-by-4.0, apache-2.0, mit, other, ..."
            )
        return license_id

    @field_validator("language")
    @classmethod
    def _codes(cls, language: list[str]) -> list[str]:
        for one in language:
            if not re.fullmatch(r"[a-z]{2,3}", one):
                raise ValueError(f"{one!r} is no code of a language: en, de, zh, ...")
        return language


def tag_name(text: str) -> str:
    """Raises ValueError for what cannot be a tag of a version."""
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9_+-]|\.(?=[A-Za-z0-9]))*", text) or text.endswith(".lock"):
        raise ValueError(f"{text!r} cannot be a tag: letters, digits, '_', '-', '+', and '.' between them, as in v1.2")
    return text


class Config(_Section):
    """A whole run."""

    name: Annotated[str, AfterValidator(portable)] = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="The run folder's name."
    )
    data: Data = Data()
    teacher: Teacher
    scenarios: Scenarios = Scenarios()
    prompts: Prompts | None = Field(None, description="Which prompts are taken, and who writes more of them.")
    judging: Judging = Judging()
    audit: Audit = Audit()
    responses: Responses | None = Field(None, description="Who answers prompts that have too few responses.")
    pairs: Pairs | None = Field(None, description="Which two of several responses are judged.")
    flaws: Flaws | None = Field(None, description="Pairs with a planted flaw, beside the others.")
    references: References | None = Field(None, description="Who writes the references that rows do not bring.")
    filters: str | list[str | dict[str, Any]] | dict[str, Any] = Field(
        "default", description="A preset's name, a list of filters, or `preset` with changes to it."
    )
    outputs: Outputs = Outputs()
    budget_usd: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="The most that the calls of this run folder may cost, in all its runs together.",
    )
    seed: int = Field(0, description="What sampling and splits depend on, beside the row itself.")
    rescue: Rescue | None = None
    previous: str | None = Field(
        None,
        min_length=1,
        description="An earlier run's folder, or its dataset as org/name@revision; what still holds is taken over.",
    )
    card: Card = Card()
    imported: Imported | None = None

    @field_validator("prompts", mode="before")
    @classmethod
    def _the_teacher_writes_what_nobody_else_does(cls, prompts: Any, info: ValidationInfo) -> Any:
        first, wanted = info.data.get("teacher"), prompts.get("generate") if isinstance(prompts, dict) else None
        if not isinstance(first, Teacher) or not isinstance(wanted, dict):
            return prompts
        named = wanted.get("model") or {}
        if not isinstance(named, dict):
            return prompts
        return {**prompts, "generate": {**wanted, "model": _second_model(first, named, Generator)}}

    @field_validator("rescue", mode="before")
    @classmethod
    def _what_is_not_named_is_the_teachers(cls, rescue: Any, info: ValidationInfo) -> Any:
        first = info.data.get("teacher")
        if isinstance(first, Teacher) and isinstance(rescue, dict) and isinstance(rescue.get("teacher"), dict):
            return {**rescue, "teacher": _second_model(first, rescue["teacher"])}
        return rescue

    @field_validator("references", mode="before")
    @classmethod
    def _what_the_writer_is_not_told_is_the_teachers(cls, references: Any, info: ValidationInfo) -> Any:
        first = info.data.get("teacher")
        if isinstance(first, Teacher) and isinstance(references, dict) and isinstance(references.get("model"), dict):
            return {**references, "model": _second_model(first, references["model"], Endpoint)}
        return references

    @field_validator("references")
    @classmethod
    def _responses_to_count(cls, references: References | None, info: ValidationInfo) -> References | None:
        are_pairs = not (info.data.get("responses") or info.data.get("pairs"))
        if references is not None and references.by == "responses" and are_pairs:
            raise ValueError(
                "'by: responses' counts what the responses to a prompt say, and rows are pairs; add "
                "`pairs: {strategy: ...}` for rows with several responses, or `responses:` to have models write them"
            )
        return references

    @field_validator("rescue")
    @classmethod
    def _something_is_new(cls, rescue: Rescue | None, info: ValidationInfo) -> Rescue | None:
        first = info.data.get("teacher")
        if rescue is None or first is None or rescue.votes or rescue.reference:
            return rescue
        if rescue.teacher is None or rescue.teacher.asks_as(first):
            raise ValueError(
                "asks the same model the same again; name another one (teacher: {model: ...}), votes (votes: 4), "
                "or an answer of the teacher's own (reference: true)"
            )
        return rescue

    @model_validator(mode="after")
    def _prompts_from_somewhere(self) -> Self:
        written = self.prompts is not None and self.prompts.generate is not None
        if self.data.path is None and not written:
            raise ValueError(
                "'data.path' is missing; it names a .jsonl, .json, .csv or .parquet file, or a Hub dataset id; or have "
                "prompts written with `prompts: {generate: {per_scenario: 20, domain: ...}}`"
            )
        if written and self.responses is None:
            raise ValueError(
                "'responses' is missing; prompts that are written by `prompts.generate` have no responses as yet: list "
                "models in `responses: {models: [...]}`"
            )
        return self

    @field_validator("responses")
    @classmethod
    def _targets_are_on_the_scale(cls, responses: Responses | None, info: ValidationInfo) -> Responses | None:
        targets, judging = responses.targets if responses else None, info.data.get("judging")
        if targets is None or not isinstance(judging, Judging):
            return responses
        scale = scale_named(judging.scale)
        scores = targets.scores or even_scores(scale)
        for score in scores:
            if not scale.holds(score):
                raise ValueError(
                    f"targets.scores: {score} is not on the scale {scale.name}; allowed is {scale.low} to {scale.high}"
                )
        if targets.per_prompt > len(scores):
            raise ValueError(
                f"targets.per_prompt is {targets.per_prompt}, and each has another score, of which there are "
                f"{len(scores)}; lower it, or name more scores"
            )
        return responses

    @property
    def planter(self) -> Writer:
        """Who plants flaws, with or without a section `flaws`."""
        named = self.flaws.model if self.flaws else None
        return named or Writer.like(self.teacher)

    @property
    def takes_prompts(self) -> bool:
        """Whether a row is a prompt, of which pairs are made, and no pair as yet."""
        return self.responses is not None or self.pairs is not None
