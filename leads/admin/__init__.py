"""States are changed on the lead's and the follow-up's own screens, where their gates and logs are."""

from leads.admin import (
    aftercare,
    cadence,
    common,
    enquiry,
    figures,
    follow_up,
    interaction,
    lead,
    mission,
    project,
    reminding,
    retention,
    stage,
    visit,
)

__all__ = [
    "aftercare",
    "cadence",
    "common",
    "enquiry",
    "figures",
    "follow_up",
    "interaction",
    "lead",
    "mission",
    "project",
    "reminding",
    "retention",
    "stage",
    "visit",
]
