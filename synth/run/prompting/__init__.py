"""Which prompts a run takes: rows are looked at, held to quotas, and new prompts are written beside them."""
