"""Names that mean something by themselves, in packs and in the engine.

Rules: constants alone. What has one of these names in a pack is treated in a way of its own.
"""

SAFETY = "safety"
"""The dialog that ends every other one when somebody is afraid."""
HELP = "help"
"""The dialog that answers "what can I say" when nothing is running."""
YES_RULE, NO_RULE = "<yes>", "<no>"
"""How an answer looks that agrees, or does not."""
ANYTHING = "anything"
"""The branch of a question for speech that is none of its answers."""
COUNT_SLOT = "reminders"
"""Where a `recall` keeps how many reminders there are."""
ENDING = ("stop", "goodbye", "exit")
"""Commands that end everything, in every state."""
COMMANDS = (
    *ENDING,
    *("pause", "continue", "repeat", "back", "skip", "help", "slower", "faster", "louder"),
    *("quieter", "longer", "how_long", "start_over", "quiet"),
)
"""All global commands, by the names under which packs give them phrases."""
MOST_ROUNDS = 50
"""So often at most the same is done, whatever a slot holds."""
