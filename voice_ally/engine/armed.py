"""Which phrases mean something in a state: first what is vital, then the most local.

Rules: pure. Stop, goodbye, exit and the safety dialog are armed in every state there is, before
everything else: what could mean one of them and something of the moment means the vital one.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from voice_ally.core.actions import Phrase
from voice_ally.core.events import Meaning
from voice_ally.core.speech import Stakes
from voice_ally.engine.state import CALLED, State, ask_around, instruction_at
from voice_ally.interpret.grammar import NOT_MEANT
from voice_ally.language.model import Ask, Hold, Pack, Turn
from voice_ally.language.reserved import ENDING, SAFETY

IDLE_COMMANDS = (*ENDING, "help", "louder", "quieter", "slower", "faster")
INTERRUPTING = (*ENDING, "pause", "repeat", "skip")
"""Commands that are heard while a line sounds, where little else can be told from an echo."""
VITAL = frozenset({*(Meaning("command", name) for name in ENDING), Meaning("trigger", SAFETY)})
"""What wins over everything, and what nobody ever needs a wake phrase for."""
OBEYED_IN_DOUBT = (*ENDING, "pause")
"""Commands that do no harm when nobody meant them, and much good when somebody did."""
YES, NO = "yes", "no"


def phrases_for(pack: Pack, state: State) -> tuple[Phrase, ...]:
    """Everything that may be said now."""
    idle = not state.frames and not state.pending
    if idle and state.wake:
        awake = state.doing.what in CALLED
        key = f"armed {'awake' if awake else 'asleep'}: {state.wake}"
        return pack.once(key, lambda: _called_first(pack, state.wake, awake=awake))
    running = frozenset(one.dialog for one in state.frames)
    if others_here(pack, state) != "no":
        key = f"armed at a question in {sorted(running)}"
        wanted = frozenset(pack.dialogs) - running
    else:
        key = f"armed {'idle' if idle else f'inside: {state.pending}'}"
        wanted = frozenset(pack.dialogs if idle else (state.pending,))
    vital, others = pack.once(key, lambda: _shared(pack, wanted, idle=idle))
    return (*vital, *_local(pack, state), *others)


def others_here(pack: Pack, state: State) -> str:
    """What the triggers of other dialogs do now: "ask", "yes", or "no" also where none is asked."""
    if state.doing.what not in ("asking", "listening") or not state.frames:
        return "no"
    found = ask_around(pack, state.frame)
    own = found[1].others if found else ""
    return own or pack.dialogs[state.frame.dialog].others


def _shared(
    pack: Pack, wanted: Collection[str], *, idle: bool
) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
    """What is vital, and the rest."""
    every = (*_commands(pack, idle=idle), *_triggers(pack, wanted))
    vital = tuple(one for one in every if one.meaning in VITAL)
    return vital, tuple(one for one in every if one.meaning not in VITAL)


def _called_first(pack: Pack, wake: str, *, awake: bool) -> tuple[Phrase, ...]:
    """Behind the wake phrase everything; without it, until somebody was called, only what ends
    something and safety. The rest may be said, and comes to nothing: so that it is heard as
    itself and not as its neighbour with a wake phrase before it."""
    free, others = _shared(pack, pack.dialogs, idle=True)
    nothing = Meaning(NOT_MEANT, "")
    none = Stakes.NOTHING
    return (
        Phrase(wake, Meaning("wake", "wake"), Stakes.START),
        *free,
        *(Phrase(f"{wake} ({template})", nothing, none) for template in pack.not_meant),
        *(replace(one, template=f"{wake} ({one.template})") for one in (*free, *others)),
        *(one if awake else Phrase(one.template, nothing, none) for one in others),
    )


def _local(pack: Pack, state: State) -> tuple[Phrase, ...]:
    if state.doing.what in ("confirming", "confirm_listening"):
        return tuple(
            Phrase(f"<{name}>" if name in pack.rules else name, Meaning("answer", name))
            for name in (YES, NO)
        )
    if not state.frames:
        return ()
    if state.doing.what in ("asking", "listening"):
        found = ask_around(pack, state.frame)
        answers = found[1].answers if found else ()
        return tuple(
            Phrase(answer.template, Meaning("answer", str(number)))
            for number, answer in enumerate(answers)
        )
    if state.doing.what in ("holding", "turning"):
        instruction = instruction_at(pack, state.frame)
        assert isinstance(instruction, Hold | Turn)
        return tuple(Phrase(one, Meaning("until", "until")) for one in instruction.until)
    return ()


def _commands(pack: Pack, *, idle: bool) -> tuple[Phrase, ...]:
    return tuple(
        # while nothing is running there is nothing to end, and a goodbye by mistake does harm
        Phrase(
            template,
            Meaning("command", name),
            stakes=Stakes.STOP if name in OBEYED_IN_DOUBT and not idle else Stakes.COMMAND,
        )
        for name, templates in pack.commands.items()
        if not idle or name in IDLE_COMMANDS
        for template in templates
    )


def _triggers(pack: Pack, wanted: Collection[str]) -> tuple[Phrase, ...]:
    """Of these dialogs, besides those of safety and of all that can be started anywhere."""
    return tuple(
        Phrase(
            template,
            Meaning("trigger", dialog.id),
            stakes=Stakes.SAFETY if dialog.id == SAFETY else Stakes.START,
        )
        for dialog in sorted(pack.dialogs.values(), key=lambda one: one.id != SAFETY)
        if dialog.anywhere or dialog.id == SAFETY or dialog.id in wanted
        for template in dialog.triggers
    )


def interrupting(phrases: Sequence[Phrase], *, answers: bool) -> tuple[Phrase, ...]:
    """Those of the phrases with which a line may be interrupted, perhaps also by an answer.

    Over a line, a stop is obeyed at its last sound: nobody waits for what else may be said.
    """
    wanted = VITAL.union(Meaning("command", name) for name in INTERRUPTING)
    urgent = {Meaning("command", name) for name in OBEYED_IN_DOUBT}
    return tuple(
        replace(one, urgent=one.meaning in urgent)
        for one in phrases
        if one.meaning in wanted or (answers and one.meaning.kind in ("answer", "until"))
    )


def phrases_of(pack: Pack, ask: Ask) -> tuple[Phrase, ...]:
    """A question's own answers, for `hear --at` and the checker."""
    return tuple(
        Phrase(answer.template, Meaning("answer", str(number)))
        for number, answer in enumerate(ask.answers)
    )
