"""The words out of which invented names and notes are put together."""

from config.sample.chance import Chance


def listed(words: str, at: str | None = None) -> list[str]:
    return words.split(at)


STARTS = [
    "Alto",
    "Ama",
    "Anda",
    "Arca",
    "Auro",
    "Bel",
    "Bora",
    "Bri",
    "Cala",
    "Cami",
    "Cedro",
    "Cima",
    "Coral",
    "Cue",
    "Dama",
    "Delta",
    "Duna",
    "Ecli",
    "Ela",
    "Ende",
    "Faro",
    "Flu",
    "Gala",
    "Gema",
    "Guama",
    "Hali",
    "Ibi",
    "Ilu",
    "Jara",
    "Kiva",
    "Lago",
    "Lira",
    "Luma",
    "Mara",
    "Mira",
    "Nébu",
    "Nima",
    "Norte",
    "Nuba",
    "Ocel",
    "Ona",
    "Palo",
    "Pira",
    "Quin",
    "Rauda",
    "Rio",
    "Sabi",
    "Sela",
    "Sol",
    "Tama",
    "Tera",
    "Tori",
    "Umbra",
    "Urba",
    "Vela",
    "Vira",
    "Xilo",
    "Yara",
    "Zafi",
    "Zeni",
]
ENDS = [
    "bia",
    "bolt",
    "brand",
    "brix",
    "cora",
    "cruz",
    "dal",
    "dara",
    "dex",
    "dia",
    "fera",
    "fina",
    "flor",
    "gar",
    "gena",
    "lana",
    "lia",
    "link",
    "lora",
    "luz",
    "mar",
    "mera",
    "mont",
    "nara",
    "nexo",
    "nia",
    "nova",
    "pal",
    "phi",
    "pora",
    "quil",
    "ra",
    "rena",
    "ria",
    "rion",
    "sia",
    "sol",
    "stel",
    "tana",
    "tera",
    "tica",
    "tia",
    "tor",
    "tril",
    "va",
    "vía",
    "vela",
    "ven",
    "via",
    "zar",
]
TRADES = {
    "bpo_contact": "Contact|Voices|Customer Care|CX|Support",
    "bpo_back_office": "Back Office|Payroll|Processes|Documents|Collections",
    "kpo": "Analytics|Insights|Legal Research|Engineering|Advisory",
    "ito": "IT Services|Systems|Consulting|Integration|Cyber",
    "software": "Software|Labs|AI|Cloud|Data",
    "shared_services": "Global Services|Shared Services|Business Hub|GBS|Finance Hub",
    "data_centres": "Data Centers|Hosting|Edge|Cloud Parks|Compute",
    "platforms": "Market|Commerce|Delivery|Rides|Stores",
    "creative": "Studios|Games|Films|Animation|Design",
    "fintech": "Pay|Capital Tech|Credit|Ledger|Fintech",
    "health": "Health|Clinics|Medical|Telehealth|Care",
    "life_sciences": "Pharma|Biotech|Devices|Genomics|Labs Bio",
    "agro": "Foods|Agro|Cacao|Fruits|Sugar",
    "logistics": "Logistics|Cargo|Freight|Port Services|Warehouses",
    "manufacturing": "Packaging|Electric|Plastics|Paper|Components",
    "energy": "Solar|Energy|Renewables|Circular|Wind",
    "infrastructure": "Hotels|Properties|Infrastructure|Parks|Hospitality",
}
LEGAL_FORMS = {
    "US": ("Inc.", "LLC", "Corp.", ""), "CA": ("Inc.", "Ltd.", ""), "GB": ("Ltd", "plc"), "IE": ("Ltd",),
    "MX": ("S.A. de C.V.", "S.A.P.I. de C.V."), "ES": ("S.L.", "S.A."), "CO": ("S.A.S.", "S.A.", "Ltda."),
    "FR": ("SAS", "SA"), "DE": ("GmbH", "AG"), "CH": ("AG", "SA"), "BR": ("Ltda.", "S.A."), "CL": ("SpA", "S.A."),
    "IT": ("S.r.l.", "S.p.A."), "SE": ("AB",), "NL": ("B.V.",), "JP": ("K.K.",), "SG": ("Pte. Ltd.",),
    "IN": ("Pvt. Ltd.",),
}  # fmt: skip
GIVEN = {
    "es": "Adriana Alejandro Ana Andrés Camila Carlos Carolina Catalina Daniela Diego Esteban Felipe Gabriela Íñigo "
    "Isabel Javier Jorge José Juliana Laura Lucía Luis Manuel Marcela María Mateo Natalia Óscar Paola Pedro Ramón "
    "Ricardo Rocío Santiago Sara Sebastián Sofía Tomás Valeria Verónica",
    "en": "Abigail Adam Alice Amber Brian Caitlin Charles Chloe Connor Daniel Diane Emma Ethan Grace Hannah Ian "
    "Jacob Jane Jordan Karen Kevin Liam Lucas Megan Michael Nora Olivia Owen Patrick Rachel Ryan Scott Tara Zoe",
    "de": "Anke Björn Christoph Dieter Elke Franziska Günter Heike Jörg Jürgen Katrin Lukas Sabine Stefan Ute",
    "fr": "Aurélie Benoît Chloé Éric François Gaël Hélène Jérôme Léa Maëlle Noémie Océane Rémi Sylvie Thérèse",
    "pt": "Afonso Beatriz Caio Conceição Fábio Inês João Letícia Márcia Otávio Rita Simão Thaís Vitória",
    "zh": "Fang Hao Jing Lei Min Ping Tao Xin Yan Ying",
    "ar": "Amal Basma Faris Hadi Karim Layla Nadia Omar Rania Yusuf",
}
FAMILY = {
    "es": "Álvarez Aragón Bermúdez Cárdenas Castaño Cifuentes Echeverri Escobedo Fajardo Gaviria Giraldo Guzmán "
    "Hinestroza Hurtado Jaramillo Londoño Lozada Marmolejo Montaño Muñoz Núñez Ordóñez Ospina Peña Quiñones Rentería "
    "Saavedra Sarria Tenorio Ulloa Vallecilla Varela Yusti Zúñiga",
    "en": "Abernathy Ashford Barlow Calloway Dempsey Ellery Fairbanks Galloway Hartwell Ingram Kingsley Lockhart "
    "Marlowe Norwood O'Brien O'Neill Pemberton Quimby Redgrove Sheffield Thackeray Underhill Waverly Whitlock",
    "de": "Ackermann Böhm Däubler Eichhorn Fürst Großmann Höfler Köhler Lindemann Müller Schäfer Weiß",
    "fr": "Aubert Bélanger Chevalier D'Arcy Delacroix Fournier Guérin Lefèvre Marchand Noël Rousselot",
    "pt": "Abrantes Bragança Conceição Falcão Guimarães Leitão Magalhães Noronha Queirós Simões",
    "zh": "Chen Guo Huang Li Lin Wang Wu Zhang Zhao Zhou",
    "ar": "Al-Amin Al-Fayed Bakri Darwish Haddad Khalil Mansour Nasser Qasim Saleh",
}
LANGUAGE_OF = {
    **dict.fromkeys(["CO", "ES", "MX", "CL", "AR", "PE", "EC", "UY", "PA", "CR"], "es"),
    **dict.fromkeys(["DE", "CH", "AT", "LU"], "de"), **dict.fromkeys(["FR", "BE"], "fr"),
    **dict.fromkeys(["BR", "PT"], "pt"), **dict.fromkeys(["CN", "SG", "JP", "KR"], "zh"),
    **dict.fromkeys(["AE", "IL"], "ar"),
}  # fmt: skip
TITLES = [
    "CEO",
    "CFO",
    "COO",
    "CTO",
    "VP Expansion",
    "VP Global Operations",
    "Head of LatAm",
    "Country Manager",
    "Director of Real Estate",
    "Site Selection Manager",
    "Gerente General",
    "Directora de Operaciones",
    "Gerente de Expansión",
    "Director Financiero",
    "Jefe de Talento Humano",
    "Business Development Manager",
]
OPENINGS = {
    "es": "Nos contaron que|Confirmaron que|Preguntaron si es cierto que|Insisten en que|Dicen que|Su junta ve que",
    "en": "They told us that|They confirmed that|They wonder whether|They insist that|Their board sees that",
}
MATTERS = {
    "es": "buscan una sede con 120 puestos bilingües|comparan Cali con Medellín y Monterrey|el costo del talento manda|"
    "necesitan inglés B2 o mejor|quieren zona franca|piden conexión aérea directa|evalúan un piloto de 25 personas|"
    "la decisión se toma en el próximo trimestre|su cliente principal exige cercanía horaria|les preocupa la seguridad|"
    "ya tienen un operador local|quieren conocer universidades|piensan en COP 12.000 millones de montaje",
    "en": "they look for a site with 120 bilingual seats|they compare Cali with Guadalajara and San José|talent cost "
    "decides|they need English at B2 or better|they want a free-trade zone|they ask for direct flights|they weigh a "
    "pilot of 25 people|the decision comes next quarter|their main client wants the same time zone|they worry about "
    "security|they already have a local vendor|they want to meet universities|they think of EUR 3 m for the set-up",
}
CLOSINGS = {
    "es": "Quedamos en enviar cifras.|Pidieron una agenda de visita.|Sin afán por ahora.|Muy buen ambiente 🙂.|"
    "Hay que hablar con ProColombia.|Volver a llamar después del cierre del trimestre.|Falta hablar con quien decide.",
    "en": "We will send figures.|They asked for a visit programme.|No hurry for now.|Good mood 🚀.|"
    "ProColombia should join.|Call again after the quarter closes.|We have not met who decides yet.",
}
PROMISES = [
    "Enviar el perfil de talento bilingüe",
    "Enviar costos laborales comparados",
    "Presentar a dos universidades",
    "Compartir el listado de oficinas disponibles",
    "Conectar con una empresa instalada",
    "Enviar la guía de zonas francas",
    "Send the cost comparison",
    "Send the bilingual talent study",
    "Introduce an installed investor",
    "Share the site list",
]
PLANS = [
    "Centro de servicios bilingüe",
    "Centro de desarrollo de software",
    "Planta de empaques",
    "Centro de distribución",
    "Ampliación de la operación actual",
    "Laboratorio de analítica",
    "Estudio de animación",
    "Parque solar",
    "Sede regional",
    "Nueva línea de producción",
    "Centro de soporte en inglés",
    "Equipo nearshore de ingeniería",
]
CODE_WORDS = [
    "Guayacán",
    "Ceiba",
    "Samán",
    "Chiminango",
    "Písamo",
    "Gualanday",
    "Yarumo",
    "Arrayán",
    "Cedro",
    "Nogal",
    "Caracolí",
    "Roble",
    "Balso",
    "Guadua",
    "Sauce",
    "Tulipán",
    "Heliconia",
    "Orquídea",
    "Bromelia",
    "Anturio",
    "Azucena",
    "Frailejón",
    "Cámbulo",
    "Matarratón",
    "Guásimo",
    "Totumo",
]


def company_name(sector: str, taken: set[str], chance: Chance) -> str:
    while True:
        start, end = chance.choice(STARTS), chance.choice(ENDS)
        middle = chance.choice(ENDS) if chance.hits(0.7) else ""
        name = f"{start}{middle}{end} {chance.choice(TRADES[sector].split('|'))}"
        if name not in taken:
            taken.add(name)
            return name


def person_name(country: str, chance: Chance) -> tuple[str, str, str]:
    """Given name, family name, language."""
    language = LANGUAGE_OF.get(country, "en")
    return chance.choice(_GIVEN[language]), chance.choice(_FAMILY[language]), language


def note(language: str, chance: Chance) -> str:
    language = "es" if language == "es" or chance.hits(0.45) else "en"
    first, second = chance.sample(_MATTERS[language], 2)
    opening, closing = chance.choice(_OPENINGS[language]), chance.choice(_CLOSINGS[language])
    return f"{opening} {first}; {second}. {closing}"


def _split(words: dict[str, str], at: str | None = "|") -> dict[str, list[str]]:
    return {language: text.split(at) for language, text in words.items()}


_GIVEN, _FAMILY = _split(GIVEN, None), _split(FAMILY, None)
_OPENINGS, _MATTERS, _CLOSINGS = _split(OPENINGS), _split(MATTERS), _split(CLOSINGS)
