from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce

from leads.models.choices import Layer

if TYPE_CHECKING:
    from leads.models.lead import Lead  # noqa: F401 - the annotation below names it

# The strongest word counts: what was verified before what was committed, announced, and at last estimated.
STRONGEST_FIRST = (Layer.VERIFIED, Layer.COMMITTED, Layer.ANNOUNCED)


class AmountsQuerySet(models.QuerySet["Lead"]):
    def with_amounts(self) -> Self:
        """Adds `jobs_now` and `capex_now` (USD), the strongest word on each; null where nobody knows.

        One definition for the board, the lead page and every sum. The database allows one current reading a layer, so
        the joins add no rows.
        """
        joins = {
            f"at_{layer.value}": FilteredRelation(
                "readings", condition=Q(readings__layer=layer, readings__is_current=True)
            )
            for layer in STRONGEST_FIRST
        }
        amount = models.DecimalField(max_digits=20, decimal_places=2)
        return self.annotate(
            **joins,
            jobs_now=Coalesce(*(f"at_{layer.value}__jobs" for layer in STRONGEST_FIRST), "jobs_estimate"),
            capex_now=Coalesce(
                *(F(f"at_{layer.value}__capex_usd") for layer in STRONGEST_FIRST),
                F("capex_estimate_usd"),
                output_field=amount,
            ),
        )
