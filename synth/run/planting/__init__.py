"""Pairs with a planted flaw: some beside the others of a run, and many to audit the teacher by."""
