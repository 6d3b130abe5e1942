"""judgemill: training data for LLM judges. Importing this package does nothing else."""

__version__ = "0.1.0"
