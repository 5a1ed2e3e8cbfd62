"""Is this company, is this person here already? Asked of Postgres for many rows at once.

Blocking and weighing follow the background search for look-alikes: likely names, web domains, numbers; never all pairs.
One certain answer is taken, everything less than certain is for a person to decide.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from companies.models import ImportRow

# In percent: below, nobody is asked.
ASKED_FROM = 66
LIKENESS = 0.6
MOST = 5

COMPANIES = """
WITH mine AS MATERIALIZED (
    SELECT r.id, puente_fold_company(r.said->>'company_name') AS folded,
        split_part(r.company_key, '|', 1) AS bare,
        coalesce(r.said->>'website', '') AS domain, coalesce(r.said->>'tax_id', '') AS tax,
        r.said->>'country' AS country
    FROM companies_importrow r WHERE r.id = ANY(%(rows)s)
), near AS (
    SELECT mine.id AS row, found.id AS company FROM mine CROSS JOIN LATERAL (
        SELECT c.id FROM companies_company c WHERE c.folded %% mine.folded
        ORDER BY similarity(c.folded, mine.folded) DESC, c.id LIMIT %(most)s) AS found
    UNION
    SELECT mine.id, found.id FROM mine CROSS JOIN LATERAL (
        SELECT c.id FROM companies_company c WHERE replace(c.folded, ' ', '') = mine.bare ORDER BY c.id
        LIMIT %(most)s) AS found
    UNION
    SELECT mine.id, found.company_id FROM mine CROSS JOIN LATERAL (
        SELECT n.company_id FROM companies_companyname n WHERE n.folded %% mine.folded
        ORDER BY similarity(n.folded, mine.folded) DESC, n.id LIMIT %(most)s) AS found
    UNION
    SELECT mine.id, found.id FROM mine CROSS JOIN LATERAL (
        SELECT c.id FROM companies_company c WHERE c.domain = mine.domain AND c.domain <> ''
        ORDER BY c.id LIMIT %(most)s) AS found
    UNION
    SELECT mine.id, c.id FROM mine JOIN companies_company c ON c.tax_id = mine.tax
    WHERE length(regexp_replace(mine.tax, '\\D', '', 'g')) >= 6
), compared AS (
    SELECT near.row, near.company, names.same_name, names.likeness,
        least(names.typos, levenshtein_less_equal(left(c.folded, 255), left(mine.folded, 255), 2)) AS typos,
        greatest(length(mine.folded), length(c.folded), 1) AS letters,
        mine.domain <> '' AND c.domain = mine.domain AS same_domain,
        mine.domain <> '' AND c.domain <> '' AND c.domain <> mine.domain AS other_domain,
        mine.country IS NOT NULL AND c.origin_country_id IS NOT NULL AND mine.country <> ALL(
            array_remove(ARRAY[c.origin_country_id, c.seat_country_id, c.legal_country_id], NULL)) AS other_country,
        length(regexp_replace(mine.tax, '\\D', '', 'g')) >= 6 AND c.tax_id = mine.tax AS same_tax,
        regexp_replace(mine.folded, '\\D', '', 'g') <> regexp_replace(c.folded, '\\D', '', 'g') AS other_number
    FROM near JOIN mine ON mine.id = near.row
    JOIN companies_company c ON c.id = near.company AND c.merged_into_id IS NULL AND c.archived_at IS NULL
    CROSS JOIN LATERAL (
        SELECT bool_or(replace(x.folded, ' ', '') = mine.bare) AS same_name,
            -- Trigrams do not count repeats; the length tells those apart.
            max(similarity(x.folded, mine.folded)
                * least(length(x.folded), length(mine.folded)) / greatest(length(x.folded), length(mine.folded), 1))
                AS likeness,
            3 AS typos
        FROM (SELECT c.folded UNION SELECT folded FROM companies_companyname WHERE company_id = c.id) AS x
    ) AS names
), weighed AS (
    SELECT *,
        same_tax OR (same_name AND NOT other_domain AND NOT other_country) OR (same_domain AND likeness >= 0.6)
            AS certain,
        round(100 * (1 - (1 - CASE
            WHEN same_name THEN 0.95
            WHEN other_number THEN 0.1
            ELSE greatest(0, 1.4 * likeness - 0.4, CASE WHEN typos <= 2 THEN 1 - 2.5 * typos / letters ELSE 0 END) END
          * CASE WHEN NOT other_domain THEN 1 WHEN same_name THEN 0.8 ELSE 0.75 END)
        * (1 - CASE WHEN same_domain THEN 0.66 ELSE 0 END)))::int AS score
    FROM compared
)
SELECT row, company, certain, score, array_remove(ARRAY[
    CASE WHEN same_name THEN 'name' WHEN likeness >= 0.4 OR typos <= 2 THEN 'nearly' END,
    CASE WHEN same_domain THEN 'domain' END,
    CASE WHEN same_tax THEN 'tax' END,
    CASE WHEN other_domain THEN 'other_domain' END,
    CASE WHEN other_country THEN 'other_country' END], NULL)
FROM weighed WHERE certain OR score >= %(asked)s
ORDER BY row, certain DESC, score DESC, company
"""

PEOPLE = """
WITH mine AS MATERIALIZED (
    SELECT r.id, puente_fold(concat_ws(' ', r.said->>'given_name', r.said->>'family_name')) AS folded, r.company_id,
        coalesce(r.said->'email', '[]') AS emails, coalesce(r.said->'phone', '[]') AS phones
    FROM companies_importrow r WHERE r.id = ANY(%(rows)s)
), near AS (
    SELECT mine.id AS row, p.contact_id AS contact FROM mine
    CROSS JOIN LATERAL jsonb_array_elements_text(mine.emails || mine.phones) AS given(value)
    CROSS JOIN LATERAL (
        SELECT contact_id FROM companies_contactpoint WHERE value = given.value ORDER BY id LIMIT %(most)s) AS p
    UNION
    SELECT mine.id, found.id FROM mine CROSS JOIN LATERAL (
        SELECT c.id FROM companies_contact c WHERE c.folded %% mine.folded
        ORDER BY similarity(c.folded, mine.folded) DESC, c.id LIMIT 3 * %(most)s) AS found
    WHERE mine.folded <> ''
), compared AS (
    SELECT near.row, near.contact, similarity(c.folded, mine.folded) AS likeness, mine.folded LIKE '%% %%' AS is_full,
        EXISTS (SELECT FROM companies_position p WHERE p.contact_id = c.id AND p.company_id = mine.company_id
                AND p.ended_on IS NULL) AS same_company,
        EXISTS (SELECT FROM companies_contactpoint p WHERE p.contact_id = c.id AND p.kind = 'email'
                AND mine.emails ? p.value) AS same_mail,
        EXISTS (SELECT FROM companies_contactpoint p WHERE p.contact_id = c.id AND p.kind = 'phone'
                AND mine.phones ? p.value) AS same_phone
    FROM near JOIN mine ON mine.id = near.row
    JOIN companies_contact c ON c.id = near.contact AND c.merged_into_id IS NULL AND c.anonymised_at IS NULL
), weighed AS (
    SELECT *,
        -- A mailbox or a number may be shared by people of different names.
        (same_mail AND likeness >= 0.5) OR (same_phone AND likeness >= 0.6) OR (same_company AND likeness >= 0.999)
            AS certain,
        round(100 * (1 - (1 - likeness * CASE WHEN same_company THEN 0.95 WHEN is_full AND likeness >= 0.999 THEN 0.7
                                         ELSE 0.4 END)
            * (1 - CASE WHEN same_mail THEN 0.7 ELSE 0 END) * (1 - CASE WHEN same_phone THEN 0.4 ELSE 0 END)))::int
            AS score
    FROM compared
)
SELECT row, contact, certain, score, array_remove(ARRAY[
    CASE WHEN likeness >= 0.999 THEN 'name' WHEN likeness >= 0.4 THEN 'nearly' END,
    CASE WHEN same_company THEN 'company' END,
    CASE WHEN same_mail THEN 'email' END,
    CASE WHEN same_phone THEN 'phone' END], NULL)
FROM weighed WHERE certain OR score >= %(asked)s
ORDER BY row, certain DESC, score DESC, contact
"""

Found = dict[int, list[dict[str, Any]]]


def companies_like(rows: Sequence[int]) -> Found:
    return _ask(COMPANIES, rows)


def people_like(rows: Sequence[int]) -> Found:
    return _ask(PEOPLE, rows)


def _ask(question: str, rows: Sequence[int]) -> Found:
    """Of each row, what is like it: the certain ones first, then by score."""
    found: Found = defaultdict(list)
    if not rows:
        return found
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(LIKENESS)])
        cursor.execute(question, {"rows": list(rows), "most": MOST, "asked": ASKED_FROM})
        for row, pk, certain, score, why in cursor.fetchall():
            found[row].append({"pk": pk, "certain": certain, "score": min(score, 99), "why": why})
    return found


def verdict(alikes: Iterable[dict[str, Any]]) -> tuple[str, int | None, list[dict[str, Any]]]:
    """What it is, which one, and whom a person has to choose among."""
    alikes = list(alikes)
    certain = [alike["pk"] for alike in alikes if alike["certain"]]
    if len(certain) == 1:
        return ImportRow.Is.SAME, certain[0], []
    return (ImportRow.Is.ASK, None, alikes[:MOST]) if alikes else (ImportRow.Is.NEW, None, [])
