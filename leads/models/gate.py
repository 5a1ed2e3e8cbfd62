from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked


@tracked(exclude=("version",))
class GateFact(models.Model):
    """From which stage to which a lead must have a fact. What the fact means is fixed, see `leads.pipeline.gate_rules`.

    A fact without a row is asked as the trade asks for it.
    """

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    is_asked = models.BooleanField(_("asked for"), default=True)
    first = models.ForeignKey("leads.Stage", models.PROTECT, related_name="+", verbose_name=_("from stage"))
    last = models.ForeignKey("leads.Stage", models.PROTECT, related_name="+", verbose_name=_("to stage"))
    limit = models.PositiveSmallIntegerField(_("limit in months"), null=True, blank=True)
    sentence_en = models.CharField(_("what people are told, in English"), max_length=200, blank=True)
    sentence_es = models.CharField(_("what people are told, in Spanish"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("fact of a gate")
        verbose_name_plural = _("facts of the gates")
        constraints = [
            models.CheckConstraint(
                name="gate_fact_ends_after_it_begins",
                condition=models.Q(last__gte=models.F("first")),
                violation_error_message=_("It cannot end at an earlier stage than it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def sentence(self) -> str:
        return self.sentence_en if (get_language() or "").startswith("en") else self.sentence_es
