"""What a change of state may refuse. Each carries what the person is told."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from config.staff.models import User

if TYPE_CHECKING:
    from leads.pipeline.gates import Requirement


class Versioned(Protocol):
    version: int


class StaleEdit(Exception):  # noqa: N818 - the domain's word for it
    """A colleague changed the record after this person had opened it."""

    def __init__(
        self,
        record: Versioned,
        seen_version: int,
        *,
        changed_by: User | None = None,
        changed_at: datetime | None = None,
    ) -> None:
        super().__init__(f"version {seen_version} was seen, {record.version} is current")
        self.record = record
        self.seen_version = seen_version
        self.current_version = record.version
        self.changed_by = changed_by
        self.changed_at = changed_at


class GateClosed(Exception):  # noqa: N818
    """The stage asks for facts that the lead does not have."""

    def __init__(self, missing: "list[Requirement]") -> None:
        super().__init__(", ".join(requirement.field for requirement in missing))
        self.missing = missing


class NoteMissing(Exception):  # noqa: N818
    """Going back, or past a gate, needs a word of why."""


class NotOpen(Exception):  # noqa: N818
    """The lead has ended; it is reopened before it moves."""


class CodeNameTaken(Exception):  # noqa: N818
    """Somebody gave this code name to another lead in the same instant."""


class ProofMissing(Exception):  # noqa: N818
    """What was promised to them is not done without something that shows it."""


class ReasonMissing(Exception):  # noqa: N818
    """The status asks for its reason, or for the day of the next look."""
