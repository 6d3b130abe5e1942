"""Asking again about pairs that contradict themselves or could not be read, before they are dropped."""
