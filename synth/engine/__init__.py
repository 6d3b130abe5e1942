"""distilabel lives here, and nowhere else: an LLM, steps and tasks for anybody's pipeline, and the run's own pipeline.

The command line never imports this package's distilabel side: `supervise` starts it as a process of its own.
"""
