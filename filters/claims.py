"""Tells a quotation from a suggestion, a term or a thing that is missing, by the words around it in its sentence.

`before` and `after` are the rest of the sentence, with a gap (\\0) where another passage in quotation marks stood.
"""

import re

_WORDINGS = r"(?:phrase|sentence|line|statement|expression|passage|claim)s?|wording"
_REQUESTS = r"(?:question|request|requirement|instruction)s?|quer(?:y|ies)|prompt"
_MODAL = r"(?:could|should|might|would|may|can|must|ought to)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


# The passage is named as there, whatever is said of it.
_NAMED = _any(
    # the phrase X could be shortened; does not follow the user's request to X
    rf"\b(?:the|this|its|user['\u2019]s) (?:\w+ )?(?:{_WORDINGS}|{_REQUESTS})"
    r"(?: (?:to|of|for|that|which (?:says|states|reads)))?[\s,:(]*$",
    # the phrases W and X
    rf"(?:^\W*|[,;] )(?:the|this) (?:\w+ )?(?:{_WORDINGS})(?: \0,?(?: and| or)?)+\s*$",
    # it states that X
    r"(?<!could )(?<!should )(?<!might )(?<!would )(?<!to )(?<!may )"
    r"\b(?:says|states|stated|claims|claimed|reads|writes|wrote)(?: that)?[\s,:]*$",
    # information that is not present in the text, such as X
    r"\bnot (?:present|found|mentioned|included|stated) in [^\0]{0,40}\bsuch as\W*$",
    # instead of saying X
    r"\b(?:instead of|rather than) (?:just |simply |merely )?"
    r"(?:say|us|stat|writ|start|end|repeat|open|describ|call|ask|begin|mention|includ)\w*\W*"
    r"(?:with )?(?:the )?(?:\w+ )?\W*$",
    # Instead of X, ...
    r"^\W*(?:[\w ]+, )?(?:instead of|rather than)\W*$",
)

# The words before make it something else.
_NOT_QUOTED = _any(
    # it could have said X
    rf"\b(?:{_MODAL}|needs? to|better to|to say)\b",
    # a more specific topic, such as X
    r"\b(?:more|better|clearer|shorter|simpler|stronger|alternative|improved|revised|correct(?:ed)?|expected|ideal|proper"
    r"|actual|appropriate|accurate|missing|additional|other|different)\b[^\0]{0,60}$",
    # W could be simplified to X; W translates to X
    r"\b(?:translat|simplif|shorten|rephras|rewrit|replac|chang|correct|convert|reword|revis|paraphras|mean|interpret)\w*"
    r"[^\0.]{0,40}(?:\0[^\0.]{0,25})*(?:\bto|\bas|\bwith|\bby|\binto|\bis|\bbe)\b[^\0]{0,40}$",
    # W instead of X
    r"\b(?:rather than|instead of|as opposed to|and not|, not|meaning|i\.e\.|should be|suggest\w*|recommend\w*"
    r"|propos\w*|meant|means|prefer\w*|for clarity|ideally)\W*$",
    # it does not mention X
    r"(?:\bnot|n['\u2019]t|\bnever)(?: \w+){0,2} (?:includ|mention|sa[yi]|stat|us|contain|specif|provid|offer|hav"
    r"|featur|appear|ask|add|incorporat|need|necess|correct|accurate|explain|defin|cit|list|acknowledg|refer)"
    r"\w*\b[^\0]{0,80}$",
    # it lacks X
    r"\b(?:no|without|lacks?|lacking|omits?|omitted|omitting|fails?|failed|failing|miss(?:es|ed|ing)?|ignor\w*|neglect\w*"
    r"|overlook\w*|absence of|exclud\w*|neither|nor)\b[^\0]{0,80}$",
    # the concept of X
    r"\b(?:concepts?|ideas?|notions?|sense|themes?|styles?|tones?|kinds?|types?|topics?|categor(?:y|ies)|fields?|labels?"
    r"|principles?|process) (?:of|like|such as|called|known as|as)\W*$",
    # the show X
    r"\b(?:book|film|movie|novel|series|show|song|game)s?\W*$",
)

# The words after make it a suggestion: X would have been clearer.
_SUGGESTED = _any(
    # A gap opens each round of the loop and is nowhere else in it: a list of forty passages would take years.
    r"^[^\w\0]*(?:(?:\w+ ){0,4}\0[^\w\0]*)*(?:\w+\W+){0,6}?"
    r"(?:would|could|might|may|should) (?:also |still |then )?"
    r"(?:have (?:been |made |help|add|provid|improv|given|creat)"
    r"|be (?:more|better|a better|clearer|helpful|useful|included|used|added|mentioned|beneficial)"
    r"|make|help|add|give|create|provide|improve|enhance|convey)"
)


def quotes(before: str, after: str) -> bool:
    """Whether a passage with these words around it claims to be quoted. The wordings are English ones."""
    if _NAMED.search(before):
        return True
    return not _NOT_QUOTED.search(before) and not _SUGGESTED.search(after)
