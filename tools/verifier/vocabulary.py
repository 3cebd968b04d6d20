"""The words the verifier tells apart.

Rules: VERIFIED words were said by many people in training and are what it answers for. All others
are classes of their own or share the class OTHER: they only teach it what the former are not.
"""

from pathlib import Path

NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
VERIFIED = ["yes", "no", "stop", *NUMBERS[:10]]
RECORDED = (
    "go on off left right up down happy bed cat bird dog house wow tree sheila marvin visual "
    "follow forward backward learn"
).split()
"""Said by people too."""
ALIKE = (
    "yeah yep nope okay pause help continue goodbye wait enough now know so oh hello nor new step "
    "star start yet guess top"
).split()
"""Said by synthetic voices alone: answers and commands, and words that sound like the former."""
OTHER = "other"
CLASSES = [*VERIFIED[:3], *NUMBERS, *RECORDED, *ALIKE, OTHER]
MORE_WORDS = Path(__file__).parents[1] / "tiny_model" / "words.txt"
"""What the voices say besides."""
MOST_OTHER = 700
