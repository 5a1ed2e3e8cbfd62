from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise ValidationError(_("%(zone)s is no time zone that we know."), params={"zone": zone[:64]})
