"""From prompts to pairs: rows are taken in, models answer, two of the responses become a pair."""
