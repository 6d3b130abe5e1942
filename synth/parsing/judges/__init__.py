"""Replies of other judges, one file each, by that judge's own rules.

Stricter than the judges' own parsers in one respect: a reply that names no winner, or two, is a failure, where theirs
take the first, the last, or a tie.
"""
