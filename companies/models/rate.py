from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked

# A rate holds over the week-end and the holidays that follow its day, and no longer.
HOLDS_FOR = timedelta(days=10)


@tracked()
class Rate(models.Model):
    """What one unit of a currency was worth in US dollars on a day. What was counted by it keeps it."""

    CURRENCY: ClassVar = RegexValidator(
        r"^[A-Z]{3}\Z", _("Give the three letters of the currency, for example COP."), "currency"
    )

    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY])
    day = models.DateField(_("day"))
    usd = models.DecimalField(_("USD for one unit"), max_digits=22, decimal_places=14)
    source = models.CharField(_("who says so"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-day", "currency"]
        constraints = [
            # Also serves the newest rate before a day.
            models.UniqueConstraint(
                "currency",
                "day",
                name="one_rate_a_currency_and_day",
                violation_error_message=_("There is a rate of that day already."),
            ),
            models.CheckConstraint(
                name="rate_is_above_zero",
                condition=models.Q(usd__gt=0),
                violation_error_message=_("A rate is above zero."),
            ),
            models.CheckConstraint(
                name="a_dollar_is_a_dollar",
                condition=~models.Q(currency="USD"),
                violation_error_message=_("A dollar is a dollar; it needs no rate."),
            ),
        ]
        indexes = [
            # The list of rates, page by key.
            models.Index(fields=["-day", "-id"], name="rate_list_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}"

    @classmethod
    def of(cls, currency: str, day: date) -> "Rate | None":
        """The rate that held on that day: of the day itself, or of the last one before it that had one."""
        near = cls.objects.filter(currency=currency, day__lte=day, day__gte=day - HOLDS_FOR)
        return near.order_by("-day").first()

    @property
    def units_for_a_dollar(self) -> Decimal:
        return 1 / self.usd
