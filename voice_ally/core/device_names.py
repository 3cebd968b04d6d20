"""Which device a person means by a few letters of its name.

Rules: pure. Names stay when something is plugged in, numbers do not, so only names choose.
"""

from collections.abc import Sequence


def best_match(wanted: str, names: Sequence[str]) -> int | None:
    """The place of the name meant: the whole name, else its beginning, else a part of it.

    Capitals and spaces around do not matter; of several the first counts.
    """
    wanted = wanted.strip().casefold()
    plain = [name.strip().casefold() for name in names]
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for at, name in enumerate(plain):
            if name and fits(name, wanted):
                return at
    return None
