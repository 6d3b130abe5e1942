"""A run: from a config to a run folder, and what is read back from one."""
