from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.models import User

LONGEST_QUERY = 2_000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """One's own, those of the team that their owner is in, and those for everybody. Nothing to guests."""
        if not user.is_staff_member:
            return self.none()
        seen = Q(owner=user) | Q(sharing=SavedView.Sharing.ALL)
        if user.team_id:
            seen |= Q(sharing=SavedView.Sharing.TEAM, owner__team=user.team_id)
        return self.filter(seen)

    def of_list(self, name: str, reader: User) -> Self:
        """What the menu of a list offers, one's own first; each knows whether the reader begins with it."""
        begins = Exists(FirstView.objects.filter(view=OuterRef("pk"), user=reader))
        mine = models.Case(models.When(owner=reader, then=0), default=1)
        rows = self.visible_to(reader).filter(list=name).select_related("owner")
        return rows.annotate(is_first=begins, mine=mine).order_by("mine", "name", "pk")


@tracked()
class SavedView(models.Model):
    """A list as somebody wants to see it again: filters, order and columns, as the address has them."""

    class Sharing(models.TextChoices):
        PRIVATE = "private", _("Only me")
        TEAM = "team", _("My team")
        ALL = "all", _("Everybody")

    owner = models.ForeignKey("staff.User", models.CASCADE, related_name="saved_views", verbose_name=_("owner"))
    list = models.CharField(_("list"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("address"), max_length=LONGEST_QUERY, blank=True)
    sharing = models.CharField(_("who sees it"), max_length=7, choices=Sharing, default=Sharing.PRIVATE)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
            models.UniqueConstraint(
                "owner",
                "list",
                "name",
                name="one_view_an_owner_list_and_name",
                violation_error_message=_("You have a view of this name already."),
            ),
        ]
        indexes = [
            # The menu of a list.
            models.Index(fields=["list", "sharing"], name="views_of_a_list"),
        ]

    def __str__(self) -> str:
        return self.name

    def may_be_changed_by(self, user: User) -> bool:
        """Its owner's, and an administrator's where others see it: they clean up after who left."""
        return self.owner_id == user.pk or (user.is_administrator and self.sharing != self.Sharing.PRIVATE)


@tracked()
class FirstView(models.Model):
    """With which view a person's list begins."""

    user = models.ForeignKey("staff.User", models.CASCADE, related_name="first_views", verbose_name=_("person"))
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="first_of", verbose_name=_("saved view"))
    list = models.CharField(_("list"), max_length=20)

    class Meta:
        verbose_name = _("view to begin with")
        verbose_name_plural = _("views to begin with")
        constraints = [models.UniqueConstraint("user", "list", name="one_first_view_a_person_and_list")]

    def __str__(self) -> str:
        return str(self.view_id)
