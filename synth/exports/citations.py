"""What a run rests on, as BibTeX: a method is cited where the run used it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Work:
    """`name` is its key, and begins the names of formats and reply formats that are its own; so does `also`."""

    name: str
    title: str
    authors: str
    year: int
    arxiv: str = ""
    url: str = ""
    also: str = ""

    def bibtex(self) -> str:
        where = f"  eprint = {{{self.arxiv}}},\n  archivePrefix = {{arXiv}},\n" if self.arxiv else ""
        url = self.url or f"https://arxiv.org/abs/{self.arxiv}"
        return (
            f"@misc{{{self.name.replace('-', '')}_{self.year},\n  title = {{{self.title}}},\n"
            f"  author = {{{self.authors}}},\n  year = {{{self.year}}},\n{where}  url = {{{url}}}\n}}"
        )


DISTILABEL = Work(
    "distilabel",
    "Distilabel: An AI Feedback (AIF) framework for building datasets with and for LLMs",
    "Álvaro Bartolomé Del Canto and Gabriel Martín Blázquez and Agustín Piqueres Lajarín and Daniel Vila Suero",
    2024,
    url="https://github.com/argilla-io/distilabel",
)
MT_BENCH = Work(
    "mt-bench",
    "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena",
    "Lianmin Zheng and Wei-Lin Chiang and Ying Sheng and Siyuan Zhuang and Zhanghao Wu and Yonghao Zhuang and Zi Lin "
    "and Zhuohan Li and Dacheng Li and Eric P. Xing and Hao Zhang and Joseph E. Gonzalez and Ion Stoica",
    2023,
    "2306.05685",
)
AUTO_J = Work(
    "auto-j",
    "Generative Judge for Evaluating Alignment",
    "Junlong Li and Shichao Sun and Weizhe Yuan and Run-Ze Fan and Hai Zhao and Pengfei Liu",
    2023,
    "2310.05470",
)
BY_FORMAT: tuple[Work, ...] = (
    AUTO_J,
    MT_BENCH,
    Work(
        "judgelm",
        "JudgeLM: Fine-tuned Large Language Models are Scalable Judges",
        "Lianghui Zhu and Xinggang Wang and Xinlong Wang",
        2023,
        "2310.17631",
    ),
    Work(
        "pandalm",
        "PandaLM: An Automatic Evaluation Benchmark for LLM Instruction Tuning Optimization",
        "Yidong Wang and Zhuohao Yu and Zhengran Zeng and Linyi Yang and Cunxiang Wang and Hao Chen and Chaoya Jiang "
        "and Rui Xie and Jindong Wang and Xing Xie and Wei Ye and Shikun Zhang and Yue Zhang",
        2023,
        "2306.05087",
    ),
    Work(
        "prometheus",
        "Prometheus: Inducing Fine-grained Evaluation Capability in Language Models",
        "Seungone Kim and Jamin Shin and Yejin Cho and Joel Jang and Shayne Longpre and Hwaran Lee and Sangdoo Yun "
        "and Seongjin Shin and Sungdong Kim and James Thorne and Minjoon Seo",
        2023,
        "2310.08491",
        also="feedback-collection",
    ),
    Work(
        "prometheus-2",
        "Prometheus 2: An Open Source Language Model Specialized in Evaluating Other Language Models",
        "Seungone Kim and Juyoung Suk and Shayne Longpre and Bill Yuchen Lin and Jamin Shin and Sean Welleck and "
        "Graham Neubig and Moontae Lee and Kyungjae Lee and Minjoon Seo",
        2024,
        "2405.01535",
        also="preference-collection",
    ),
    Work(
        "rewardbench",
        "RewardBench: Evaluating Reward Models for Language Modeling",
        "Nathan Lambert and Valentina Pyatkin and Jacob Morrison and LJ Miranda and Bill Yuchen Lin and Khyathi Chandu "
        "and Nouha Dziri and Sachin Kumar and Tom Zick and Yejin Choi and Noah A. Smith and Hannaneh Hajishirzi",
        2024,
        "2403.13787",
    ),
    Work(
        "arena-hard",
        "From Crowdsourced Data to High-Quality Benchmarks: Arena-Hard and BenchBuilder Pipeline",
        "Tianle Li and Wei-Lin Chiang and Evan Frick and Lisa Dunlap and Tianhao Wu and Banghua Zhu and "
        "Joseph E. Gonzalez and Ion Stoica",
        2024,
        "2406.11939",
    ),
    Work(
        "llmbar",
        "Evaluating Large Language Models at Following Instructions",
        "Zhiyuan Zeng and Jiatong Yu and Tianyu Gao and Yu Meng and Tanya Goyal and Danqi Chen",
        2023,
        "2310.07641",
    ),
)


def cited(manifest: Mapping[str, Any]) -> list[Work]:
    """The works behind a run: asking in both orders is MT-Bench's (section 3.4), criteria by scenario Auto-J's."""
    imported = manifest.get("imported")
    asked: Iterable[Work] = () if imported else (DISTILABEL, AUTO_J)
    both_orders = (MT_BENCH,) if "pairwise" in manifest["judging"]["protocols"] else ()
    names = [*manifest["exported"], (imported or {}).get("reply_format") or ""]
    by_format = [
        work for work in BY_FORMAT if any(name.startswith((work.name, work.also or work.name)) for name in names)
    ]
    return list(dict.fromkeys([*asked, *both_orders, *by_format]))
