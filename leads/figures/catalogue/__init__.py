"""The figures by name. A definition says what is counted, a formula how; both stand beside the number."""

from leads.figures.catalogue import missions, pipeline, results, work
from leads.figures.figure import Figure, Measure, Ratio

# By what a reader looks for, in the order of the list.
GROUPS = {"results": results, "pipeline": pipeline, "work": work, "missions": missions}
FIGURES: dict[str, Measure] = {
    found.name: found
    for group in GROUPS.values()
    for found in vars(group).values()
    if isinstance(found, Figure | Ratio)
}
