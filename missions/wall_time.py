"""Local wall time is the truth of a plan: 10:00 in San Francisco stays 10:00 there, whatever the zone's rules do."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import models
from django.utils.dateparse import parse_datetime


class WallTimeFormField(forms.DateTimeField):
    """A local date and time as typed; no zone of the reader is applied to it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def prepare_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        return moment.replace(tzinfo=None) if moment else None


class WallTimeField(models.DateTimeField):  # type: ignore[type-arg]
    """A naive local time, stored as such; the row's `zone` says where."""

    def db_type(self, connection: Any) -> str:
        return "timestamp without time zone"

    def to_python(self, value: Any) -> Any:
        return parse_datetime(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        value = self.to_python(value)
        if isinstance(value, datetime) and value.tzinfo is not None:
            raise ValueError("A wall time has no zone of its own.")
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": WallTimeFormField, **kwargs})

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.isoformat() if value else ""


def moment_of(wall_time: str) -> models.GeneratedField:
    """The UTC moment of a wall time and its row's `zone`, kept by Postgres so that no bulk write can skip it.

    When the rules of a zone change, `update(zone=F("zone"))` computes it anew.
    """
    return models.GeneratedField(
        expression=models.Func(models.F("zone"), models.F(wall_time), function="timezone"),
        output_field=models.DateTimeField(),
        db_persist=True,
    )


def to_utc(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def to_wall(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def day_ends(day: date, zone: str) -> datetime:
    """The moment at which a day is over in that zone."""
    return to_utc(datetime.combine(day + timedelta(days=1), time()), zone)
