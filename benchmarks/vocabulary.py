"""Words that benchmarks make texts of, and scenarios that these may be of."""

NOUNS = (
    "garden budget contract recipe engine library password battery journey interview sensor harbour lesson market "
    "orchestra vaccine bridge novel database glacier keyboard mortgage telescope warehouse bicycle museum pension "
    "river satellite theatre uniform village workshop kitchen forest signal ticket border printer chapter"
).split()
VERBS = (
    "repairs describes replaces measures protects explains supports delays improves questions follows compares "
    "collects designs funds ignores joins limits opens produces reviews shortens teaches updates visits"
).split()
KINDS = (
    "local early careful narrow public recent quiet reliable seasonal simple steady useful wooden modern foreign "
    "costly daily fragile gentle hidden remote sudden thorough urban vital"
).split()
SCENARIOS = ("open_question", "writing_email", "text_summarization", "planning", "code_generation", "chitchat")
