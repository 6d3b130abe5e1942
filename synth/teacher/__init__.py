"""The teacher behind an OpenAI-compatible endpoint: calls, their journal, and errors as values."""
