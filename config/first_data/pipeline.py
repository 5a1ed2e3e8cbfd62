"""The pipeline's own words: stages, reasons and kinds of investment. An agency changes them in the admin."""

from decimal import Decimal

from leads.models import (
    CountedType,
    EscalationStep,
    GateFact,
    InvestmentType,
    Reason,
    ReportingScheme,
    ServiceKind,
    Stage,
    VisitRhythm,
)
from leads.pipeline.gate_rules import RULES


def stages() -> list[Stage]:
    rows = [
        (Stage.TARGET, "Target", "Objetivo", "0", None),
        (Stage.LEAD, "Lead", "Lead", "0.05", 21),
        (Stage.QUALIFIED, "Qualified opportunity", "Oportunidad calificada", "0.13", 60),
        (Stage.ACTIVE, "Active project", "Proyecto activo", "0.23", 120),
        (Stage.VISIT, "Site visit", "Visita de prospección", "0.39", 90),
        (Stage.SHORTLIST, "Shortlist, negotiation", "Lista corta", "0.65", 90),
        # The chance that a decided project really starts.
        (Stage.DECISION, "Decision, committed", "Decisión confirmada", "0.90", 180),
        (Stage.OPERATIONAL, "Operational", "En operación", "1", None),
    ]
    return [
        Stage(number=number, name_en=english, name_es=spanish, probability=Decimal(chance), norm_days=days)
        for number, english, spanish, chance, days in rows
    ]


def gate_facts() -> list[GateFact]:
    return [GateFact(code=rule.code, first_id=rule.first, last_id=rule.last, limit=rule.limit) for rule in RULES]


def reasons() -> list[Reason]:
    return [
        Reason(code=code, kind=kind, name_en=english, name_es=spanish, position=position)
        for kind, rows in REASONS.items()
        for position, (code, english, spanish) in enumerate(rows, start=1)
    ]


REASONS = {
    Reason.Kind.ON_HOLD: [
        ("hold_client_asked", "The client asked for a pause", "El cliente pidió una pausa"),
        ("hold_budget", "Waits for the next budget", "Espera el próximo presupuesto"),
        ("hold_board", "Waits for the board", "Espera a la junta directiva"),
        ("hold_elections", "Waits for elections or a new law", "Espera elecciones o una nueva ley"),
        ("hold_contact_left", "Our contact left the company", "Nuestro contacto dejó la empresa"),
    ],
    Reason.Kind.DELAYED: [
        ("delay_permits", "Permits take longer", "Los permisos tardan más"),
        ("delay_site", "The site is not ready", "El inmueble no está listo"),
        ("delay_financing", "Financing takes longer", "La financiación tarda más"),
        ("delay_hiring", "Hiring takes longer", "La contratación tarda más"),
        ("delay_client", "The client changed the plan's dates", "El cliente cambió las fechas del plan"),
    ],
    Reason.Kind.LOST: [
        ("talent", "Talent availability", "Disponibilidad de talento"),
        ("english", "Level of English", "Nivel de inglés"),
        ("labour_cost", "Labour cost", "Costo laboral"),
        ("site", "Rent or site not ready", "Arriendo o inmueble no listo"),
        ("utilities", "Utilities", "Servicios públicos"),
        ("logistics", "Logistics or flights", "Logística o vuelos"),
        ("incentives", "Incentives", "Incentivos"),
        ("stability", "Tax or legal stability", "Estabilidad tributaria o jurídica"),
        ("security", "Perception of security", "Percepción de seguridad"),
        ("permits", "Permits and time", "Permisos y tiempos"),
        ("market_access", "Market access", "Acceso a mercados"),
        ("slow_answer", "We answered slowly", "Respondimos tarde"),
        ("headquarters", "Preference of the headquarters", "Preferencia de la casa matriz"),
        ("site_elsewhere", "They have a site elsewhere", "Ya tienen una sede en otro lugar"),
        ("unknown", "Unknown", "Se desconoce"),
    ],
    Reason.Kind.DEAD: [
        ("business_case", "The business case failed", "El caso de negocio no dio"),
        ("financing", "Financing", "Financiación"),
        ("new_leadership", "Merger or new leadership", "Fusión o nueva dirección"),
        ("client_lost", "They lost the client's contract", "Perdieron el contrato de su cliente"),
        ("macro", "Economy or politics", "Economía o política"),
        ("postponed", "Postponed by more than 36 months", "Aplazado más de 36 meses"),
        ("dead_unknown", "Unknown", "Se desconoce"),
    ],
    Reason.Kind.DISQUALIFIED: [
        ("not_fdi", "Not foreign direct investment", "No es inversión extranjera directa"),
        ("seller", "Seller or job seeker", "Vendedor o persona que busca empleo"),
        ("student", "Student", "Estudiante"),
        ("no_authority", "No authority to decide", "Sin capacidad de decisión"),
        ("sanctions", "Sanctions or reputation", "Sanciones o reputación"),
    ],
}


def investment_types() -> list[InvestmentType]:
    rows = [
        ("greenfield", "New greenfield", "Nueva (greenfield)", False),
        ("expansion", "Expansion at the same site", "Expansión en la misma sede", True),
        ("reinvestment", "Reinvestment: new activity or city", "Reinversión: nueva actividad o ciudad", True),
        ("relocation", "Relocation", "Relocalización", False),
        ("joint_venture", "Joint venture", "Empresa conjunta", False),
        ("acquisition", "Merger or acquisition with new jobs", "Fusión o adquisición con empleos nuevos", False),
        ("retention", "Retention of jobs", "Conservación de empleos", False),
        (
            "outsourcing",
            "Outsourcing contract of a foreign client won by a local operator",
            "Contrato de tercerización de un cliente extranjero ganado por un operador local",
            False,
        ),
        ("staffing", "Nearshore staffing without an entity", "Personal nearshore sin empresa propia", False),
        (
            "capital_only",
            "Capital only: fund or venture ticket",
            "Solo capital: fondo o capital de riesgo",
            False,
        ),
        ("creative", "Film or creative production", "Producción audiovisual o creativa", False),
        ("national", "National capital of another region", "Capital nacional de otra región", False),
    ]
    return [
        InvestmentType(code=code, name_en=english, name_es=spanish, is_reinvestment=again, position=position)
        for position, (code, english, spanish, again) in enumerate(rows, start=1)
    ]


def escalation_steps() -> list[EscalationStep]:
    return [
        EscalationStep(whom=whom, working_days=days, is_on=is_on)
        for whom, (days, is_on) in EscalationStep.DEFAULTS.items()
    ]


def schemes() -> list[ReportingScheme]:
    return [
        ReportingScheme(code=code, name_en=names[0], name_es=names[1], rule_en=rule[0], rule_es=rule[1], position=place)
        for place, (code, names, rule, _types) in enumerate(SCHEMES, start=1)
    ]


def counted_types() -> list[CountedType]:
    return [
        CountedType(scheme_id=code, investment_type_id=kind) for code, _names, _rule, types in SCHEMES for kind in types
    ]


NEW_SITES = ("greenfield", "expansion", "reinvestment", "relocation", "joint_venture")
SCHEMES = [
    (
        "agency",
        ("The agency's own count", "Conteo propio de la agencia"),
        (
            "Foreign capital with an operation and new jobs, acquisitions included.",
            "Capital extranjero con operación y empleos nuevos, adquisiciones incluidas.",
        ),
        (*NEW_SITES, "acquisition"),
    ),
    (
        "balance_of_payments",
        ("Balance of payments (central bank)", "Balanza de pagos (Banco de la República)"),
        (
            "Shares of 10 % or more, branches and capital brought in, registered by exchange declaration.",
            "Participaciones del 10 % o más, sucursales y aportes de capital, registrados por declaración de cambio.",
        ),
        (*NEW_SITES, "acquisition", "capital_only"),
    ),
    (
        "fdi_markets",
        ("fDi Markets", "fDi Markets"),
        (
            "New or larger physical sites with jobs and capex; no mergers or acquisitions.",
            "Sedes físicas nuevas o ampliadas con empleos y capex; sin fusiones ni adquisiciones.",
        ),
        NEW_SITES,
    ),
]


def service_kinds() -> list[ServiceKind]:
    rows = [
        ("information", "Information pack", "Paquete de información"),
        ("agenda", "Agenda of meetings", "Agenda de reuniones"),
        ("site_visit", "Site visit", "Visita de prospección"),
        ("talent", "Talent and salary study", "Estudio de talento y salarios"),
        ("site_search", "Search for a site", "Búsqueda de inmueble"),
        ("permits", "Help with permits", "Acompañamiento en permisos"),
        ("incentives", "Help with incentives and free zones", "Acompañamiento en incentivos y zonas francas"),
        ("introductions", "Introductions to suppliers or universities", "Contactos con proveedores o universidades"),
        ("visas", "Help with visas and settling", "Acompañamiento en visas e instalación"),
        ("other", "Other", "Otro"),
    ]
    return [
        ServiceKind(code=code, name_en=english, name_es=spanish, position=position)
        for position, (code, english, spanish) in enumerate(rows, start=1)
    ]


def visit_rhythms() -> list[VisitRhythm]:
    return [VisitRhythm(tier=tier, days=days) for tier, days in VisitRhythm.DEFAULTS.items()]
