class StartProblem(Exception):  # noqa: N818 - it is what a person did or met, not a fault of the code
    """A start that cannot be: one sentence for the person at the terminal, who sees no traceback."""
