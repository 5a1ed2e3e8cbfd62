"""What may go with a letter: files of the company, the lead or the meeting that its writer may see."""

from django.conf import settings
from django.db.models import Q, QuerySet

from companies.models import CompanyFile, File
from config.staff.models import User
from leads.models import FollowUp, InteractionFile, LeadFile, Letter

# Past that most mail servers say no.
MOST_BYTES = min(15 * 1024 * 1024, settings.FILE_SIZE_LIMIT)


def files_for(about: FollowUp, writer: User) -> QuerySet[File]:
    """Newest first."""
    on = Q(pk__in=CompanyFile.objects.filter(company=about.company_id).values("file"))
    if about.lead_id:
        on |= Q(pk__in=LeadFile.objects.filter(lead=about.lead_id).values("file"))
    if about.interaction_id:
        on |= Q(pk__in=InteractionFile.objects.filter(interaction=about.interaction_id).values("file"))
    return File.objects.visible_to(writer).kept().filter(on).order_by("-uploaded_at", "-pk")


def missing_of(letter: Letter) -> list[str]:
    """Names of what was chosen and is no longer there, or no longer for its writer's eyes."""
    there = File.objects.visible_to(letter.writer).kept().filter(pk__in=letter.files.values("pk"))
    return list(letter.files.exclude(pk__in=there.values("pk")).values_list("name", flat=True))
