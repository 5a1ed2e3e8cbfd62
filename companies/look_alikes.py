"""Does this company stand here already? Asked while somebody makes a new one."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Func, Q, Value

from companies.models import Company, CompanyName

# Tuned on the sample's doubles: a typo in a short name stays above, two different short names stay below.
FLOOR = 0.45


def look_alikes(name: str, domain: str = "", *, limit: int = 5) -> list[Company]:
    """Companies of about this name (or former name), or of this web domain; the likeliest first. Index-backed."""
    folded = Func(Value(name[:255].replace("\x00", "")), function="puente_fold_company")
    named = CompanyName.objects.filter(folded__trigram_similar=folded).values("company")[:50]
    near = Q(folded__trigram_similar=folded) | Q(pk__in=named)
    if domain:
        near |= Q(domain=domain.lower())
    likeness = TrigramSimilarity("folded", folded)  # type: ignore[arg-type] # it takes an expression too
    found = Company.objects.current().filter(near).annotate(likeness=likeness)
    found = found.filter(Q(likeness__gte=FLOOR) | Q(pk__in=named) | Q(domain=domain.lower() or None))
    return list(found.select_related("origin_country").order_by("-likeness", "pk")[:limit])
