"""The breathing patterns that dialogs can name: phases of one round and their seconds.

Sources of the patterns: equal, box and 4-7-8 are common practice; "sigh" is the cyclic sighing
(a breath in, a second sip of air, a long breath out) of Balban et al., Cell Reports Medicine
2023. Nothing medical is claimed for any of them.
"""

PATTERNS: dict[str, tuple[tuple[str, float], ...]] = {
    "equal": (("in", 5.0), ("out", 5.0)),
    "long exhale": (("in", 4.0), ("out", 6.0)),
    "box": (("in", 4.0), ("hold", 4.0), ("out", 4.0), ("rest", 4.0)),
    "4-7-8": (("in", 4.0), ("hold", 7.0), ("out", 8.0)),
    "sigh": (("in", 2.5), ("in", 1.0), ("out", 6.0)),
}
