"""From the responses of a prompt to the pairs that are judged: marks, draws, strategies. Pure, and free of files."""
