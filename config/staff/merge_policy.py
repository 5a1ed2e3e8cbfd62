"""What a merge does with a relation. Every foreign key to a mergeable record declares one; a test asks for it."""

from enum import Enum


class MergePolicy(Enum):
    MOVE = "move"  # the row goes over to the survivor
    FOLD = "fold"  # the row goes over unless the survivor has its like; then it is kept in the snapshot and removed
    KEEP = "keep"  # the row stays with the old record, which is its history
    REFUSE = "refuse"  # such a row forbids the merge
