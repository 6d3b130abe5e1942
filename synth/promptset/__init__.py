"""Which prompts a run takes, and what it asks for where it has new ones written. Pure, and free of files."""
