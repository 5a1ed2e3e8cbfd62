"""What was loaded beside what was planned."""

from collections.abc import Iterator

from companies.models import Company, Contact
from config.sample.world import World
from config.staff.models import User
from leads.models import FollowUp, Interaction, Lead
from missions.models import Mission


def summary(world: World) -> Iterator[str]:
    size = world.size
    interactions, leads = Interaction.objects.countable(), Lead.objects.countable()
    decided = leads.decided().filter(parent=None)
    american = decided.filter(company__origin_country="US")
    rows = [
        ("people, active", size.staff_now, User.objects.active().staff().count()),
        ("people, ever", size.staff_ever, User.objects.staff().count()),
        ("companies", size.companies, Company.objects.count()),
        ("contacts", size.contacts, Contact.objects.count()),
        ("interactions", size.interactions, interactions.count()),
        ("of which meetings", size.meetings, interactions.filter(kind="meeting").count()),
        ("missions", size.missions, Mission.objects.count()),
        ("leads, tracked ones apart", size.leads, leads.exclude(involvement="tracked").count()),
        ("qualified, of those", size.qualified, leads.filter(qualified_on__isnull=False).count()),
        ("won, of those", size.won, decided.exclude(involvement="tracked").count()),
        ("follow-ups", round(size.interactions * 0.72), FollowUp.objects.count()),
        ("projects of the region", 456, decided.count()),
        ("of the United States", 124, american.count()),
    ]
    yield f"{'':<28}{'planned':>12}{'loaded':>12}"
    for name, planned, loaded in rows:
        yield f"{name:<28}{planned:>12,}{loaded:>12,}"
