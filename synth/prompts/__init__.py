"""What the teacher is shown: messages rendered from the jinja2 files in `templates/`."""

from synth.prompts.render import TEMPLATES, Question, question

__all__ = ["TEMPLATES", "Question", "question"]
