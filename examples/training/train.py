"""Train a tiny model on a run's dataset/ for a few steps, to see that its files load as they are.

    python examples/training/train.py outputs/quickstart [--steps 10]

`chat` goes to TRL's SFTTrainer and `preference` to its RewardTrainer, as they stand on disk. The model has two layers
of random weights and its tokenizer is trained on the same files, so that nothing is downloaded and a CPU is enough:
what comes out of it judges nothing. For a real student put its name in place of `tiny`.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from datasets import Dataset, disable_progress_bars, load_dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    LlamaConfig,
    PreTrainedTokenizerFast,
    PrinterCallback,
    set_seed,
)
from trl import RewardConfig, RewardTrainer, SFTConfig, SFTTrainer

PAD, END = "<pad>", "<end>"
CHAT = "{% for message in messages %}{{ message.role }}: {{ message.content }}<end>\n{% endfor %}"
LONGEST = 1024  # tokens


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a tiny model on a run's chat and preference exports.")
    parser.add_argument("run", type=Path, help="a run folder with dataset/chat/ and dataset/preference/")
    parser.add_argument("--steps", type=int, default=10)
    given = parser.parse_args()
    set_seed(0)
    disable_progress_bars()
    chat, preference = (rows(given.run, name) for name in ("chat", "preference"))
    tokenizer = tokenizer_of([*chat["messages"], *preference["prompt"], *preference["chosen"], *preference["rejected"]])
    with tempfile.TemporaryDirectory() as folder:
        settings: dict[str, Any] = {
            "output_dir": folder,
            "max_steps": given.steps,
            "per_device_train_batch_size": 4,
            "learning_rate": 1e-3,
            "max_length": LONGEST,
            "logging_steps": 1,
            "disable_tqdm": True,
            "save_strategy": "no",
            "report_to": "none",
            "use_cpu": True,
            "bf16": False,
        }
        student = AutoModelForCausalLM.from_config(tiny(tokenizer))
        sft = SFTTrainer(student, SFTConfig(**settings), train_dataset=chat, processing_class=tokenizer)
        train("SFT on chat", sft, len(chat))
        reward = AutoModelForSequenceClassification.from_config(tiny(tokenizer, num_labels=1))
        rewarded = RewardTrainer(reward, RewardConfig(**settings), train_dataset=preference, processing_class=tokenizer)
        train("reward on preference", rewarded, len(preference))


def rows(run: Path, form: str) -> Dataset:
    """The first split of a format, which for the default config is `train`."""
    files = sorted((run / "dataset" / form).glob("*.jsonl"), key=lambda path: path.stem != "train")
    if not files:
        sys.exit(f"{run}/dataset/{form}/: holds no rows; judgemill export {run} --format {form}")
    return load_dataset("json", data_files=str(files[0]), split="train")


def tokenizer_of(conversations: list[list[dict[str, str]]]) -> PreTrainedTokenizerFast:
    """Byte pairs of these very texts."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    texts = (turn["content"] for turns in conversations for turn in turns)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=2000, special_tokens=[PAD, END], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=PAD, eos_token=END, chat_template=CHAT)


def tiny(tokenizer: PreTrainedTokenizerFast, **more: Any) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=LONGEST,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        **more,
    )


def train(name: str, trainer: SFTTrainer | RewardTrainer, count: int) -> None:
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    parameters = sum(one.numel() for one in trainer.model.parameters())
    print(f"{name}: {count} rows, {parameters:,} parameters, loss by step:")
    print("  " + " ".join(f"{float(loss):.3f}" for loss in losses))


if __name__ == "__main__":
    main()
