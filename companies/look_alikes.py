"""Does this company stand here already? Asked while somebody makes a new one."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Func, Prefetch, Q, QuerySet, Value

from companies.models import Company, Contact, ContactPoint, Position
from config.staff.models import User

# Tuned on the sample's doubles: a typo in a short name stays above, two different short names stay below.
FLOOR = 0.45
# It costs a long name fewer of its trigrams, and the index finds the rest the quicker, the higher this is.
FLOOR_OF_LONG, LONG = 0.55, 14
# "María Ospina" and "Maria Ospina G." are alike; two people of one family name are not.
SAME_PERSON = 0.6


# Each line reads an index of its own, and so many rows at most.
LIKE_COMPANY = """
SELECT near.id, max(likeness) FROM (
    (SELECT id, similarity(folded, puente_fold_company(%(name)s)) AS likeness FROM companies_company
     WHERE folded %% puente_fold_company(%(name)s) ORDER BY 2 DESC, id LIMIT %(most)s)
    UNION ALL
    (SELECT company_id, similarity(folded, puente_fold_company(%(name)s)) FROM companies_companyname
     WHERE folded %% puente_fold_company(%(name)s) ORDER BY 2 DESC, id LIMIT %(most)s)
    UNION ALL
    (SELECT id, similarity(puente_other_name(name), puente_fold_company(%(name)s)) FROM companies_company
     WHERE puente_other_name(name) %% puente_fold_company(%(name)s) AND puente_other_name(name) <> ''
     ORDER BY 2 DESC, id LIMIT %(most)s)
    UNION ALL
    (SELECT id, similarity(puente_main_name(name), puente_fold_company(%(name)s)) FROM companies_company
     WHERE puente_main_name(name) %% puente_fold_company(%(name)s) AND puente_main_name(name) <> ''
     ORDER BY 2 DESC, id LIMIT %(most)s)
    UNION ALL
    (SELECT id, 1 FROM companies_company
     WHERE replace(folded, ' ', '') = replace(puente_fold_company(%(name)s), ' ', '') ORDER BY id LIMIT %(most)s)
    UNION ALL
    (SELECT id, similarity(folded, puente_fold_company(%(name)s)) FROM companies_company
     WHERE domain = %(domain)s AND domain <> '' ORDER BY id LIMIT %(most)s)
) AS near JOIN companies_company c ON c.id = near.id AND c.merged_into_id IS NULL AND c.archived_at IS NULL
GROUP BY near.id ORDER BY 2 DESC, 1 LIMIT %(limit)s
"""


def look_alikes(name: str, domain: str = "", *, limit: int = 5) -> list[Company]:
    """Companies of about this name (or former name), or of this web domain; the likeliest first. Index-backed."""
    asked: dict[str, str | int] = {
        "name": name[:255].replace("\x00", ""),
        "domain": domain.replace("\x00", "").lower(),
        "most": 4 * limit,
        "limit": limit,
    }
    floor = FLOOR_OF_LONG if len(name) >= LONG else FLOOR
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(floor)])
        cursor.execute(LIKE_COMPANY, asked)
        likeness: dict[int, float] = dict(cursor.fetchall())
    found = Company.objects.filter(pk__in=likeness).select_related("origin_country")
    return sorted(found, key=lambda company: (-likeness[company.pk], company.pk))


def people_like(
    given_name: str, family_name: str, *, reader: User, company: Company | None = None, limit: int = 5
) -> list[Contact]:
    """Contacts of about this name, either name first; the likeliest first. Index-backed.

    Where the company is known, only those who are or were there, or in its group: elsewhere a name is nobody's own.
    """
    words = Value(f"{given_name} {family_name}".replace("\x00", "")[:401])
    folded = Func(words, function="puente_fold")
    likeness = TrigramSimilarity("folded", folded)  # type: ignore[arg-type] # it takes an expression too
    found = _people(reader).annotate(likeness=likeness)
    if company:
        top = company.ultimate_parent_id or company.pk
        there = Position.objects.filter(Q(company__in=(company.pk, top)) | Q(company__ultimate_parent=top))
        found = found.filter(pk__in=there.values("contact"), likeness__gte=SAME_PERSON)
    else:
        found = found.filter(folded__trigram_similar=folded, likeness__gte=SAME_PERSON)
    return list(found.order_by("-likeness", "pk")[:limit])


def people_reached_by(value: str, *, reader: User, besides: Contact | None = None, limit: int = 5) -> list[Contact]:
    """Who else has this address or number."""
    points = ContactPoint.objects.filter(value=value.replace("\x00", "")).exclude(contact=besides).order_by("contact")
    return list(_people(reader).filter(pk__in=points.values("contact")[:limit]).order_by("pk"))


def _people(reader: User) -> QuerySet[Contact]:
    held = Prefetch("positions", Position.objects.current().select_related("company"), to_attr="held")
    return Contact.objects.visible_to(reader).current().prefetch_related(held)
