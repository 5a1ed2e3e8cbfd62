"""A message in words: the same whatever way it goes."""

from dataclasses import dataclass, field


class NothingToSay(Exception):  # noqa: N818 - the message is not sent, and this is why
    pass


@dataclass(frozen=True)
class Line:
    """One follow-up as its reader may see it: of a restricted lead the code name only, and no words typed by hand."""

    what: str
    about: str
    due: str
    url: str
    late: bool = False
    owner: str = ""
    waiting_for: str = ""
    # Where its reader may say that it is done, or put it off; of what is theirs to do.
    answer_url: str = ""


@dataclass
class Section:
    title: str
    lines: list[Line] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class Words:
    """What one message says, whatever way it goes."""

    subject: str
    title: str
    sections: list[Section]
    overdue: int = 0
    # Where a tap on it leads.
    url: str = ""
    intro: str = ""
    # Why it was sent, where it is not about follow-ups.
    why: str = ""
    # What goes with it by mail: name, content, type.
    files: tuple[tuple[str, bytes, str], ...] = ()

    @property
    def lines(self) -> list[Line]:
        return [line for section in self.sections for line in section.lines]
