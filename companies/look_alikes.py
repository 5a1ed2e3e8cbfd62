"""Does this company stand here already? Asked while somebody makes a new one."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Func, Prefetch, Q, Value

from companies.models import Company, CompanyName, Contact, Position
from config.staff.models import User

# Tuned on the sample's doubles: a typo in a short name stays above, two different short names stay below.
FLOOR = 0.45
# "María Ospina" and "Maria Ospina G." are alike; two people of one family name are not.
SAME_PERSON = 0.6


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


def people_like(given_name: str, family_name: str, *, reader: User, limit: int = 5) -> list[Contact]:
    """Contacts of about this name, either name first; the likeliest first. Index-backed."""
    words = Value(f"{given_name} {family_name}".replace("\x00", "")[:401])
    folded = Func(words, function="puente_fold")
    likeness = TrigramSimilarity("folded", folded)  # type: ignore[arg-type] # it takes an expression too
    held = Prefetch("positions", Position.objects.current().select_related("company"), to_attr="held")
    found = Contact.objects.visible_to(reader).current().annotate(likeness=likeness)
    found = found.filter(folded__trigram_similar=folded, likeness__gte=SAME_PERSON)
    return list(found.prefetch_related(held).order_by("-likeness", "pk")[:limit])
