"""Pairs of companies that may be one, scored by Postgres.

It blocks and scores: only pairs that share a likely name, a domain or a number are compared, and of each of these so
many at most, so that the work grows with the companies and not with their square.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from companies.search_kinds import FREE_MAIL

# Below, two names are seldom one; the index finds the rest the quicker, the higher this is.
LIKENESS = 0.6
# A number or a domain that more companies share tells nothing about two of them.
MOST_SHARING = 12
# In percent; tuned on the sample's doubles.
SCORE = 70

FIND = """
WITH mine AS MATERIALIZED (
    SELECT id, folded, domain FROM companies_company
    WHERE id = ANY(%(pks)s) AND merged_into_id IS NULL AND archived_at IS NULL
), names AS MATERIALIZED (
    SELECT id, folded FROM mine
    UNION SELECT n.company_id, n.folded FROM companies_companyname n JOIN mine ON mine.id = n.company_id
    -- "Qubika (ex Moove-it)" goes by two names, neither of which is the whole.
    UNION SELECT c.id, puente_main_name(c.name) FROM companies_company c
        WHERE c.id IN (SELECT id FROM mine) AND puente_main_name(c.name) <> ''
    UNION SELECT c.id, puente_other_name(c.name) FROM companies_company c
        WHERE c.id IN (SELECT id FROM mine) AND puente_other_name(c.name) <> ''
), mails AS MATERIALIZED (
    SELECT DISTINCT p.company_id AS id, split_part(c.value, '@', 2) AS said
    FROM mine JOIN companies_position p ON p.company_id = mine.id
    JOIN companies_contactpoint c ON c.contact_id = p.contact_id
    WHERE p.ended_on IS NULL AND c.kind = 'email'
      AND split_part(split_part(c.value, '@', 2), '.', 1) <> ALL(%(free)s)
), phones AS MATERIALIZED (
    SELECT DISTINCT p.company_id AS id, c.value AS said
    FROM mine JOIN companies_position p ON p.company_id = mine.id
    JOIN companies_contactpoint c ON c.contact_id = p.contact_id
    WHERE p.ended_on IS NULL AND c.kind = 'phone'
), near AS (
    SELECT names.id AS a, found.id AS b FROM names CROSS JOIN LATERAL (
        SELECT c.id FROM companies_company c WHERE c.folded %% names.folded
        ORDER BY similarity(c.folded, names.folded) DESC, c.id LIMIT %(most)s) AS found
    UNION
    SELECT names.id, found.id FROM names CROSS JOIN LATERAL (
        SELECT c.id FROM companies_company c
        WHERE replace(c.folded, ' ', '') = replace(names.folded, ' ', '') ORDER BY c.id LIMIT %(most)s) AS found
    UNION
    SELECT names.id, found.company_id FROM names CROSS JOIN LATERAL (
        SELECT n.company_id FROM companies_companyname n WHERE n.folded %% names.folded
        ORDER BY similarity(n.folded, names.folded) DESC, n.id LIMIT %(most)s) AS found
    UNION
    SELECT names.id, found.id FROM names CROSS JOIN LATERAL (
        SELECT c.id FROM companies_company c
        WHERE puente_other_name(c.name) %% names.folded AND puente_other_name(c.name) <> ''
        ORDER BY similarity(puente_other_name(c.name), names.folded) DESC, c.id LIMIT %(most)s) AS found
    UNION
    SELECT names.id, found.id FROM names CROSS JOIN LATERAL (
        SELECT c.id FROM companies_company c
        WHERE puente_main_name(c.name) %% names.folded AND puente_main_name(c.name) <> ''
        ORDER BY similarity(puente_main_name(c.name), names.folded) DESC, c.id LIMIT %(most)s) AS found
    UNION
    SELECT mine.id, found.id FROM mine CROSS JOIN LATERAL (
        SELECT c.id FROM companies_company c WHERE c.domain = mine.domain AND c.domain <> ''
        ORDER BY c.id LIMIT %(most)s) AS found
    UNION
    SELECT mails.id, found.id FROM mails CROSS JOIN LATERAL (
        SELECT c.id FROM companies_company c WHERE c.domain = mails.said AND c.domain <> ''
        ORDER BY c.id LIMIT %(most)s) AS found
    UNION
    SELECT mails.id, p.company_id FROM mails CROSS JOIN LATERAL (
        SELECT c.contact_id FROM companies_contactpoint c
        WHERE c.kind = 'email' AND split_part(c.value, '@', 2) = mails.said LIMIT %(most)s) AS found
    JOIN companies_position p ON p.contact_id = found.contact_id AND p.ended_on IS NULL
    UNION
    SELECT phones.id, p.company_id FROM phones CROSS JOIN LATERAL (
        SELECT c.contact_id FROM companies_contactpoint c
        WHERE c.value = phones.said AND c.kind = 'phone' LIMIT %(most)s) AS found
    JOIN companies_position p ON p.contact_id = found.contact_id AND p.ended_on IS NULL
), pairs AS (
    SELECT DISTINCT least(a, b) AS low, greatest(a, b) AS high FROM near WHERE a <> b
), apart AS (
    -- What was said of a record that was merged since holds for the one that it went into.
    SELECT coalesce(l.merged_into_id, l.id) AS one, coalesce(h.merged_into_id, h.id) AS other
    FROM companies_notthesame s
    JOIN companies_company l ON l.id = s.company_low_id JOIN companies_company h ON h.id = s.company_high_id
), compared AS (
    SELECT pairs.low, pairs.high,
        similarity(l.folded, h.folded) AS name,
        replace(l.folded, ' ', '') = replace(h.folded, ' ', '') AS same_name,
        coalesce((
            -- Trigrams do not count repeats ("via", "viavia"); the length tells those apart.
            SELECT max(similarity(x.folded, y.folded)
                * least(length(x.folded), length(y.folded)) / greatest(length(x.folded), length(y.folded), 1))
            FROM (SELECT l.folded UNION SELECT folded FROM companies_companyname WHERE company_id = l.id
                  UNION SELECT unnest(ARRAY[puente_main_name(l.name), puente_other_name(l.name)])) AS x,
                 (SELECT h.folded UNION SELECT folded FROM companies_companyname WHERE company_id = h.id
                  UNION SELECT unnest(ARRAY[puente_main_name(h.name), puente_other_name(h.name)])) AS y
            WHERE x.folded <> '' AND y.folded <> ''
        ), 0) AS other_name,
        levenshtein_less_equal(left(l.folded, 255), left(h.folded, 255), 2) AS typos,
        greatest(length(l.folded), length(h.folded), 1) AS letters,
        l.domain <> '' AND l.domain = h.domain AS same_domain,
        l.domain <> '' AND h.domain <> '' AND l.domain <> h.domain AS other_domain,
        regexp_replace(l.folded, '\\D', '', 'g') <> regexp_replace(h.folded, '\\D', '', 'g') AS other_number,
        coalesce(l.parent_id = h.id OR h.parent_id = l.id OR l.parent_id = h.parent_id, false) AS same_group,
        EXISTS (
            SELECT FROM companies_position p JOIN companies_contactpoint c ON c.contact_id = p.contact_id
            JOIN companies_contactpoint d ON d.value = c.value AND d.kind = 'phone'
            JOIN companies_position q ON q.contact_id = d.contact_id
            WHERE p.company_id = l.id AND q.company_id = h.id AND c.kind = 'phone'
              AND p.ended_on IS NULL AND q.ended_on IS NULL) AS same_phone,
        EXISTS (
            SELECT FROM companies_position p JOIN companies_contactpoint c ON c.contact_id = p.contact_id
            WHERE p.company_id = l.id AND p.ended_on IS NULL AND c.kind = 'email'
              AND split_part(split_part(c.value, '@', 2), '.', 1) <> ALL(%(free)s)
              AND (split_part(c.value, '@', 2) = h.domain OR EXISTS (
                SELECT FROM companies_position q JOIN companies_contactpoint d ON d.contact_id = q.contact_id
                WHERE q.company_id = h.id AND q.ended_on IS NULL AND d.kind = 'email'
                  AND split_part(d.value, '@', 2) = split_part(c.value, '@', 2)))
        ) OR EXISTS (
            SELECT FROM companies_position q JOIN companies_contactpoint d ON d.contact_id = q.contact_id
            WHERE q.company_id = h.id AND q.ended_on IS NULL AND d.kind = 'email' AND l.domain <> ''
              AND split_part(d.value, '@', 2) = l.domain) AS same_mail
    FROM pairs
    JOIN companies_company l ON l.id = pairs.low AND l.merged_into_id IS NULL AND l.archived_at IS NULL
    JOIN companies_company h ON h.id = pairs.high AND h.merged_into_id IS NULL AND h.archived_at IS NULL
    WHERE NOT EXISTS (SELECT FROM apart WHERE (one, other) IN ((low, high), (high, low)))
), weighed AS (
    -- What speaks for it, each by itself; together they leave the less doubt, the more there is.
    SELECT *, round(100 * (1
        - (1 - CASE
            WHEN same_name OR other_name >= 0.999 THEN 0.95
            WHEN other_number THEN 0.1
            ELSE greatest(0, 1.4 * other_name - 0.4,
                -- A slip of the fingers costs a short name most of its trigrams; two letters swapped are two slips.
                CASE WHEN typos <= 2 THEN 1 - 2.5 * typos / letters ELSE 0 END) END
          * CASE WHEN NOT other_domain THEN 1 WHEN same_name THEN 0.8 ELSE 0.75 END)
        * (1 - CASE WHEN same_domain THEN 0.6 ELSE 0 END)
        * (1 - CASE WHEN same_mail THEN 0.35 ELSE 0 END)
        * (1 - CASE WHEN same_phone THEN 0.35 ELSE 0 END)
    ) * CASE WHEN same_group THEN 0.6 ELSE 1 END)::int AS score FROM compared
)
SELECT low, high, score, array_remove(ARRAY[
    CASE WHEN same_name OR name >= 0.999 THEN 'name'
         WHEN other_name >= 0.999 THEN 'other_name'
         WHEN other_name >= 0.4 OR typos <= 2 THEN 'nearly' END,
    CASE WHEN same_domain THEN 'domain' END,
    CASE WHEN same_mail THEN 'mail' END,
    CASE WHEN same_phone THEN 'phone' END], NULL)
FROM weighed WHERE score >= %(score)s
"""


@dataclass(frozen=True)
class Found:
    low: int
    high: int
    score: int
    reasons: list[str]


def find(pks: list[int]) -> list[Found]:
    """The pairs that one of these companies is part of, scored."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(LIKENESS)])
        cursor.execute(
            FIND,
            {"pks": pks, "free": list(FREE_MAIL), "most": MOST_SHARING, "score": SCORE},
        )
        return [Found(*row) for row in cursor.fetchall()]
