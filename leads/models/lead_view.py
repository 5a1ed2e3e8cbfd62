from django.db import models
from django.utils.translation import gettext_lazy as _


class LeadView(models.Model):
    """Somebody other than its owner met a restricted lead by name: once a person, place and day."""

    class Where(models.TextChoices):
        PAGE = "page", _("Its page")
        BOARD = "board", _("Board")
        LIST = "list", _("List")
        SEARCH = "search", _("Search")
        COMPANY = "company", _("Page of the company")
        MISSION = "mission", _("Page of a mission")
        SAID = "said", _("What was said")
        TODAY = "today", _("Today")
        FIGURE = "figure", _("List behind a figure")
        FILE = "file", _("File opened")
        EXPORT = "export", _("Export")
        PAPER = "paper", _("PDF")

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="views", verbose_name=_("lead"))
    user = models.ForeignKey("staff.User", models.CASCADE, related_name="+", verbose_name=_("person"))
    where = models.CharField(_("where"), max_length=8, choices=Where, default=Where.PAGE)
    day = models.DateField(_("day"))
    # The first time on that day; of old looks only the day is known.
    at = models.DateTimeField(_("at"), null=True)

    class Meta:
        verbose_name = _("look at a restricted lead")
        verbose_name_plural = _("looks at restricted leads")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint("lead", "user", "where", "day", name="one_look_a_lead_person_place_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}"
