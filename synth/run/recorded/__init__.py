"""Judgments that exist already: read from a file and made a run, without a call."""
