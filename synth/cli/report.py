"""What a finished run says on stdout."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from synth.cli.audit_text import filter_table
from synth.cli.diff_text import since
from synth.exports.write import Exported
from synth.run.finish import Outcome
from synth.run.stages import Result
from synth.teacher.budget import usd


def show(result: Result) -> None:
    if result.audited:
        print(f"\nThe teacher's {result.audited}")
    show_outcome(result.outcome, _calls(result))
    if result.demo:
        print(
            "\nThe embedded teacher (SmolLM2, 135M parameters) is there to try the machinery: its verdicts are\n"
            "no better than its size. For real labels change one line of the config, under `teacher:`\n"
            "    model: gpt-4.1-mini            # with OPENAI_API_KEY set; base_url for any other endpoint\n"
            "    model: /path/to/model.gguf     # or org/repo/file.gguf from the Hub, still on this machine"
        )


def as_json(result: Result) -> str:
    """The same for scripts: where the run is, what became of the pairs, and what calls were made."""
    outcome, calls = result.outcome, result.calls
    record = {
        "folder": str(outcome.folder),
        "counts": outcome.funnel.record(),
        **outcome.exported.record(),
        "calls": {"made": calls.answered, "from_journal": calls.reused, "failed": calls.failed},
        "spent_now_usd": calls.cost_usd,
        "usage": asdict(result.used),
        "previous": outcome.previous,
        "filter_report": outcome.lift.record() if outcome.lift else None,
        "rescued": outcome.rescued.record() if outcome.rescued else None,
    }
    return json.dumps(record, indent=2, ensure_ascii=False)


def _calls(result: Result) -> Iterator[str]:
    calls = result.calls
    yield from filter(None, result.notes)
    yield result.scenarios
    judged = result.outcome.funnel.judged
    yield f"{calls.answered} calls made, {calls.reused} taken from the journal; {judged} pairs judged"
    if cost := result.used.cost_usd:
        guessed = result.used.calls_without_token_counts
        estimated = f", estimated from the length of {guessed} replies without token counts" if guessed else ""
        yield f"{usd(calls.cost_usd)} USD spent now, {usd(cost)} on these judgments in all{estimated}"
    if calls.failed:
        yield f"{calls.failed} calls failed for good; running again tries those, and no other"


def show_outcome(outcome: Outcome, calls: Iterable[str]) -> None:
    """`calls` are lines on the calls that were made."""
    funnel = outcome.funnel
    print(f"\n{funnel.text()}\n")
    for line in calls:
        print(line)
    if outcome.rescued:
        print(outcome.rescued.text())
    for line in outcome.remarks:
        print(line)
    if outcome.previous:
        print("\n" + "\n".join(since(outcome.previous)))
    if outcome.lift:
        print(f"\n{filter_table(outcome.lift)}")
    if outcome.examples:
        print("\nRead some of it:\n")
        print("\n\n".join(outcome.examples))
    print(f"\nThe run is in {outcome.folder}/")
    print(
        "  kept.parquet, dropped.parquet (each row with its reason), judgments.parquet (every reply),\n"
        "  README.md (the dataset card), report.html (all of it to look at, in a browser)"
    )
    for line in exported_lines(outcome.exported, "dataset"):
        print(f"  {line}")


def exported_lines(exported: Exported, folder: str) -> Iterator[str]:
    """A line a format: rows by split, and what was left out and converted."""
    for form, splits in exported.rows.items():
        rows = ", ".join(f"{split} {count}" for split, count in splits.items()) or "no row"
        yield f"{folder}/{form}/: {rows}"
        for what, counts in (("left out", exported.left_out[form]), ("scores converted", exported.converted[form])):
            if counts:
                why = ", ".join(f"{count} {reason}" for reason, count in counts.items())
                yield f"    {what}: {why}"
    yield from exported.said()
