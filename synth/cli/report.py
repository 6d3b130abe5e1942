"""What a finished run says on stdout."""

from synth.cli.audit_text import filter_table
from synth.run.run import Result


def show(result: Result) -> None:
    outcome, calls, funnel = result.outcome, result.calls, result.outcome.funnel
    if result.audited:
        print(f"\nThe teacher's {result.audited}")
    print(f"\n{funnel.text()}\n")
    print(f"{calls.answered} calls made, {calls.reused} taken from the journal; {funnel.judged} pairs judged")
    if not funnel.kept:
        print(
            "No pair was kept: this teacher does not stand by what it says. `filters: minimal` in the config\n"
            f"would keep {outcome.minimal_would_keep}, and running again makes no call; a stronger teacher keeps more."
        )
    if outcome.lift:
        print(f"\n{filter_table(outcome.lift)}")
    if outcome.examples:
        print("\nRead some of it:\n")
        print("\n\n".join(outcome.examples))
    print(f"\nThe run is in {outcome.folder}/")
    print(
        "  kept.parquet, dropped.parquet (each row with its reason), judgments.parquet (every reply),\n"
        "  README.md (the dataset card)"
    )
    for form, splits in outcome.exported.items():
        rows = ", ".join(f"{split} {count}" for split, count in splits.items()) or "no row"
        print(f"  dataset/{form}/: {rows}")
    if result.demo:
        print(
            "\nThe embedded teacher (SmolLM2, 135M parameters) is there to try the machinery: its verdicts are\n"
            "no better than its size. For real labels change one line of the config, under `teacher:`\n"
            "    model: gpt-4.1-mini            # with OPENAI_API_KEY set; base_url for any other endpoint\n"
            "    model: /path/to/model.gguf     # or org/repo/file.gguf from the Hub, still on this machine"
        )
