from functools import cache
from typing import Any

from django.db import models


class Labelled(models.Model):
    """Labels of choices by one look-up: Django translates all labels of a field for each record that shows one."""

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:  # noqa: N802 - Django's name
        value = getattr(self, field.attname)
        label = _labels(field).get(value, value)
        return str(label) if label is not None else ""


@cache
def _labels(field: models.Field[Any, Any]) -> dict[Any, Any]:
    return dict(field.flatchoices)
