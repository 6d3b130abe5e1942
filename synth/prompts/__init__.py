"""What the teacher is shown: messages rendered from the jinja2 files in `templates/`."""

from synth.prompts.manner import Manner
from synth.prompts.render import TEMPLATES, Question, question, reply_schema

__all__ = ["TEMPLATES", "Manner", "Question", "question", "reply_schema"]
