from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from leads.models.choices import Interest


@tracked()
class Cadence(models.Model):
    """What is to be done after a meeting, by its outcome and interest. Its steps stand in numbered versions."""

    name = models.CharField(_("name"), max_length=120)
    is_default = models.BooleanField(_("used where an event names none"), default=False)

    class Meta:
        verbose_name = _("cadence")
        verbose_name_plural = _("cadences")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("is_default", condition=models.Q(is_default=True), name="one_default_cadence"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CadenceVersion(models.Model):
    """A version is never changed once published: what runs keeps the version that it started with."""

    cadence = models.ForeignKey(Cadence, models.PROTECT, related_name="versions", verbose_name=_("cadence"))
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("cadence version")
        verbose_name_plural = _("cadence versions")
        ordering = ["cadence", "-number"]
        constraints = [
            models.UniqueConstraint("cadence", "number", name="one_version_a_cadence_and_number"),
            models.UniqueConstraint(
                "cadence", condition=models.Q(published_at=None), name="one_draft_a_cadence_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadence} {self.number}"


@tracked()
class CadenceStep(models.Model):
    """One thing to do, so many days after the meeting (or after its event has ended)."""

    class Trigger(models.TextChoices):
        HOT = Interest.HOT.value, Interest.HOT.label
        WARM = Interest.WARM.value, Interest.WARM.label
        COLD = Interest.COLD.value, Interest.COLD.label
        NO_SHOW = "no_show", _("No-show")

    class Kind(models.TextChoices):
        THANK_YOU = "thank_you", _("Thank-you")
        MATERIAL = "material", _("Send material")
        CALL = "call", _("Call")
        CHECK = "check", _("Check where they stand")
        REINVITE = "reinvite", _("Invite again")
        OTHER = "other", _("Something else")

    class Owner(models.TextChoices):
        LOGGED = "logged", _("Whoever logged the meeting")
        LEAD = "lead", _("The owner of the lead")
        COMPANY = "company", _("The owner of the company")
        MISSION = "mission", _("Who leads the mission")

    class Channel(models.TextChoices):
        TASK = "task", _("Task")
        MAIL = "mail", _("Mail draft, sent by a person")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        WORKING_DAYS = "working_days", _("working days")

    version = models.ForeignKey(CadenceVersion, models.CASCADE, related_name="steps", verbose_name=_("version"))
    trigger = models.CharField(_("after"), max_length=7, choices=Trigger)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    offset = models.PositiveSmallIntegerField(_("how many"), validators=[MaxValueValidator(730)])
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    text_en = models.CharField(_("words in English"), max_length=200)
    text_es = models.CharField(_("words in Spanish"), max_length=200)
    # Where there is no such person, whoever logged the meeting.
    owner_rule = models.CharField(_("who does it"), max_length=7, choices=Owner, default=Owner.LOGGED)
    # A message goes to the contact, and stops when they object; an internal step goes on.
    is_message = models.BooleanField(_("is a message to the contact"), default=False)
    channel = models.CharField(_("channel"), max_length=4, choices=Channel, default=Channel.TASK)
    # The draft that its owner finds, with the names of `leads.letters.words` in braces.
    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True)
    subject_es = models.CharField(_("subject in Spanish"), max_length=200, blank=True)
    body_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    body_es = models.TextField(_("text in Spanish"), max_length=5000, blank=True)

    class Meta:
        verbose_name = _("cadence step")
        verbose_name_plural = _("cadence steps")
        ordering = ["version", "trigger", "offset", "pk"]
        constraints = [
            models.UniqueConstraint("version", "trigger", "kind", name="one_step_a_version_trigger_and_kind"),
            models.CheckConstraint(
                name="mail_step_is_a_message_with_its_words",
                condition=~Q(channel="mail")
                | (Q(is_message=True) & ~Q(subject_en="") & ~Q(subject_es="") & ~Q(body_en="") & ~Q(body_es="")),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "").startswith("en") else self.text_es

    @property
    def is_mail(self) -> bool:
        return self.channel == self.Channel.MAIL


@tracked()
class EventCadence(models.Model):
    """The cadence version that the meetings of an event follow, where it is not the default."""

    event = models.OneToOneField("missions.Event", models.CASCADE, related_name="cadence", verbose_name=_("event"))
    version = models.ForeignKey(CadenceVersion, models.PROTECT, related_name="events", verbose_name=_("version"))

    class Meta:
        verbose_name = _("cadence of an event")
        verbose_name_plural = _("cadences of events")


class EventAnchor(models.Model):
    """The end of an event that the follow-ups of its meetings were counted from; where the event moves, they move."""

    event = models.OneToOneField("missions.Event", models.CASCADE, primary_key=True, related_name="anchor")
    # Empty for a cancelled event: its meetings are counted from themselves.
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.event_id)


class OpeningFault(models.Model):
    """An interaction whose follow-ups could not be opened. It waits here, so that it holds up no other."""

    interaction = models.OneToOneField("leads.Interaction", models.CASCADE, related_name="opening_fault")
    error = models.TextField(_("error"))
    tries = models.PositiveIntegerField(_("attempts"), default=1)
    since = models.DateTimeField(_("since"))
    next_try_at = models.DateTimeField(_("next try"))

    class Meta:
        verbose_name = _("follow-ups that could not be opened")
        verbose_name_plural = _("follow-ups that could not be opened")

    def __str__(self) -> str:
        return str(self.interaction_id)
