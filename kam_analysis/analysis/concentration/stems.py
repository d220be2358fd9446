"""What is left of a company's name without its legal form, its branch and its country."""

import pandas as pd

# As written without dots and slashes, accents folded: "S.p.A." is "spa", "Sp. z o.o." is "sp z oo", "A/S" is "as".
_FORMS = [
    "gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "gbr", "ug", "ek", "eg", "ev", "se", "limited", "ltd", "plc", "llp",
    "lp", "inc", "incorporated", "llc", "corp", "corporation", "co", "company", "sa", "sarl", "sas", "sasu", "sca",
    "scs", "snc", "eurl", "cie", "spa", "srl", "sapa", "sl", "slu", "slp", "lda", "ltda", "bv", "nv", "vof", "cv",
    "bvba", "sprl", "cvba", "ab", "hb", "kb", "oy", "oyj", "as", "asa", "aps", "is", "ks", "sro", "spol",
    "zoo", "spzoo", "oo", "z", "sp", "spj", "spk", "doo", "dd", "kft", "zrt", "nyrt", "rt", "eood", "ood", "sia",
    "uab", "ou", "pty", "pte", "pvt", "private", "public", "kk", "bhd", "sdn", "jsc", "ooo", "zao", "pjsc", "tic",
    "sti", "and", "und", "et", "y", "holding", "holdings", "group", "gruppe", "groupe", "gruppo", "grupo",
    "konzern", "beteiligungs", "beteiligungsgesellschaft", "verwaltungs", "hq", "headquarters", "zentrale",
    "hauptverwaltung",
    # Spelled out, in the languages that exports come in; "and" is what every language's word for it becomes.
    "gesellschaft mit beschrankter haftung", "gesellschaft mbh", "gesmbh", "gesellschaft", "aktiengesellschaft",
    "kommanditgesellschaft", "offene handelsgesellschaft", "eingetragener kaufmann", "eingetragene genossenschaft",
    "limited liability company", "limited liability partnership", "public limited company", "limited company",
    "societe anonyme", "societe a responsabilite limitee", "societe par actions simplifiee", "societe en nom collectif",
    "sociedad anonima", "sociedad limitada", "sociedad de responsabilidad limitada", "sociedade anonima", "limitada",
    "sociedade limitada", "societa per azioni", "societa a responsabilita limitata", "societa in nome collettivo",
    "besloten vennootschap", "naamloze vennootschap", "aktiebolag", "osakeyhtio", "aksjeselskap", "aktieselskab",
    "anpartsselskab", "spolka z ograniczona odpowiedzialnoscia", "spolka akcyjna", "spolka komandytowa", "spolka jawna",
    "anonim sirketi", "anonim sti", "limited sirketi", "limited sti", "ltd sti", "sirketi", "san and tic",
    "sanayi and ticaret", "kabushiki kaisha", "godo kaisha", "gaisha",
]  # fmt: skip
# Written before the name as often as behind it, and without a space.
_FORMS_ANYWHERE = "株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|集团公司|集团"

_COUNTRIES = [
    "argentina", "australia", "austria", "osterreich", "belgium", "belgie", "belgique", "brazil", "brasil", "bulgaria",
    "canada", "chile", "china", "colombia", "croatia", "hrvatska", "cyprus", "czech republic", "czechia", "cesko",
    "denmark", "danmark", "egypt", "estonia", "eesti", "finland", "suomi", "france", "germany", "deutschland",
    "greece", "hellas", "hong kong", "hungary", "iceland", "india", "indonesia", "ireland", "israel", "italy",
    "italia", "japan", "korea", "latvia", "lithuania", "lietuva", "luxembourg", "malaysia", "mexico", "netherlands",
    "nederland", "new zealand", "nigeria", "norway", "norge", "pakistan", "philippines", "poland", "polska",
    "portugal", "romania", "russia", "saudi arabia", "scotland", "serbia", "singapore", "slovakia", "slovensko",
    "slovenia", "slovenija", "south africa", "spain", "espana", "sweden", "sverige", "switzerland", "schweiz",
    "suisse", "svizzera", "taiwan", "thailand", "turkey", "turkiye", "uae", "uk", "ukraine", "united kingdom",
    "great britain", "usa", "us", "united states", "vietnam", "benelux", "dach", "nordic", "iberia",
]  # fmt: skip

# What a group calls its parts: taken off where two words remain, and no name of its own.
_PARTS = [
    "service", "services", "trading", "sales", "distribution", "operations", "logistics", "international", "intl",
    "global", "europe", "worldwide",
]  # fmt: skip

_GENERIC = [
    "the", "of", "de", "la", "le", "les", "der", "die", "das", "customer", "customers", "client", "clients", "cash",
    "various", "divers", "diverse", "sonstige", "misc", "other", "one", "time", "onetime", "test", "unknown",
    "account", "accounts", "general", "import", "imports", "export", "exports", "shop", "store", "stores", "office",
    "head", "trade", "market", "markets", "supplies", "supply", "industries", "industrial", "systems", "solutions",
    "consulting", "management", "partner", "partners", "engineering", "technology", "technologies", "construction",
    "transport", "energy", "foods", "food", "water", "power", "media", "design", "products", "hotel", "hotels",
    "restaurant", "cafe", "pharmacy", "apotheke", "pharmacie", "bakery", "school", "schule", "hospital", "clinic",
    "church", "council", "university", "stadtwerke", "central", "grand", "royal", "city", "national", "first", "north",
    "south", "east", "west", "new", "old", "park",
]  # fmt: skip
# Words that name nobody: two rows of them are not one customer.
_NOBODY = [
    "the", "customer", "customers", "client", "clients", "cash", "sale", "sales", "various", "divers", "diverse",
    "sonstige", "kunde", "kunden", "misc", "other", "one", "time", "onetime", "test", "unknown", "unbekannt", "account",
    "accounts", "general", "none", "na", "null", "nan", "tbd", "inconnu", "varios", "vari",
]  # fmt: skip
# Houses of these kinds share a name without a common owner: where one stands says which is meant.
_HOUSES = (
    "hotel|gasthof|gasthaus|pension|restaurant|ristorante|cafe|bar|pub|inn|pharmacy|apotheke|pharmacie|farmacia|apteka|"
    "bakery|backerei|boulangerie|school|schule|ecole|escuela|scuola|szkola|college|university|universitat|universite|"
    "hospital|krankenhaus|klinik|clinic|clinique|church|kirche|parish|council|stadt|stadtwerke|gemeinde|mairie|commune|"
    "ministry|praxis|dr"
)
_A_HOUSE = f"(?:^| )(?:{_HOUSES})(?:$| )"
_TOWN_AND_STATE = r" [\(\[][^\(\)\[\],]+ [^\(\)\[\],]+, [A-Z][A-Z][\)\]]$"
# "Branch" in other words: what stands behind one of them is a place.
_BRANCHES = (
    "niederlassung|zweigniederlassung|zweigstelle|betriebsstatte|filiale|succursale|sucursal|oddzial|subesi|"
    "branch office|branch|filial|vestiging"
)
_SITES = "plant|site|store|shop|werk|depot|warehouse|location|standort|lager|magasin|tienda|negozio|sklep|nr|no"
_ARTICLES = "the|der|die|das|le|la|les|el|los|las|il|lo|gli|het|de"

# NFKD leaves these letters whole.
_FOLDED = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "&": " and ", "+": " and "}
# The same letters written out, as "Müller" is in an e-mail address.
_WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_AND = "und|et|y|e|och|og|en|i|ve"
_INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
# Patterns without \s, \S, \b and look-around run on whole columns at once; with them, name by name in Python.
_BLANKS = "[\t\n\r\x0b\x0c\xa0 ]+"
_SEPARATORS = "[ !-/:-@\\[-`{-~‐-―‘-‟«»·]+"
FEWEST_LETTERS = 4


def stems(names: pd.Series, written_out: bool = False) -> pd.Series:
    """What is left of each name when the legal form, a branch and the country at its end are taken off?

    `names`: text. Lower case, without accents and punctuation, umlauts as ae, oe, ue where `written_out`; "" where
    too little is left to tell one company from another: fewer than 4 letters (2 of Chinese and Japanese), generic
    words alone, or a name that ends in "of". A branch stands in brackets, after a dash, or after a comma behind at
    least two words ("Smith, John" and "Smith, Mary" are not one company); of a hotel or a school the place stays.

    >>> stems(pd.Series(["Tailspin Toys (Sylvanite, MT)", "Acmé S.p.A.", "Acme - Lyon", "Trading GmbH"])).tolist()
    ['tailspin toys', 'acme', 'acme', '']
    """
    return _stems(_folded(names, written_out), names, written_out)


def compared(names: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Stems, stems with umlauts written out, and spellings: what two names are held against each other by."""
    whole = _folded(names)
    stem = _stems(whole, names)
    has = names.fillna("").astype("str").str.contains("[äöüåøÄÖÜÅØ]|[aou]\u0308|a\u030a", regex=True)
    written_out = stem.copy()
    written_out[has] = stems(names[has], written_out=True)
    return stem, written_out, _spelled(whole)


def _stems(whole: pd.Series, names: pd.Series, written_out: bool = False) -> pd.Series:
    """The stems of `names`, of which `whole` are the folded texts."""
    text = whole.copy()
    # Few names have a branch, of a house or otherwise: all others are what they are folded to.
    branched = names.fillna("").astype("str").str.contains("[\\(\\[,]| [-–—] ", regex=True)
    house = whole.str.contains(_A_HOUSE, regex=True)
    # "Toys (College Place, WA)" is no college: the town is called so.
    townless = names[branched & house].astype("str").str.replace(_TOWN_AND_STATE, "", regex=True)
    house[townless.index] = _folded(townless).str.contains(_A_HOUSE, regex=True)
    branched &= ~house
    text[branched] = _folded(_without_branch(names[branched].astype("str")), written_out)
    text = text.str.replace(f" (?:{_BRANCHES})(?: .*)?$", "", regex=True)
    text = text.str.replace(f" (?:{_SITES}) ?(?:nr|no)? ?[0-9]+$", "", regex=True)
    text = text.str.replace(f"^(?:{_ARTICLES}) (.*[a-z]{{4}})", r"\1", regex=True)
    text = text.str.replace(f"(?: (?:{'|'.join([*_FORMS, *_COUNTRIES, 'head office'])}))+$", "", regex=True)
    short = text.str.replace(f"(?: (?:{'|'.join(_PARTS)}))+$", "", regex=True)
    text = short.where(short.str.contains(" ", regex=False), text)
    generic = text.str.fullmatch(f"(?:(?:{'|'.join([*_FORMS, *_PARTS, *_GENERIC, *_COUNTRIES])})(?: |$))*")
    cut = text.str.contains(" (?:of|de|du|des|di|in|von|fur|for|the)$", regex=True)
    return text.mask(generic | cut | _tell_nothing(text), "")


def _spelled(text: pd.Series) -> pd.Series:
    nobody = text.str.fullmatch(f"(?:(?:{'|'.join(_NOBODY)})(?: |$))*")
    return squeezed(text.mask(nobody, ""))


def squeezed(text: pd.Series) -> pd.Series:
    """Text without spaces, but for those between two digits."""
    return text.str.replace("([0-9]) ([0-9])", r"\1_\2", regex=True).str.replace(" ", "", regex=False)


def _without_branch(text: pd.Series) -> pd.Series:
    """Without what stands in brackets, after a dash, or after a comma behind at least two words."""
    text = text.str.replace(_BLANKS, " ", regex=True)
    text = text.str.replace(r"[\(\[][^\)\]]*[\)\]]?", " ", regex=True)
    text = text.str.replace(" [-–—] .*$", "", regex=True)
    branch = text.str.contains("^[^ ,]+ [^,]*,[^&]*$", regex=True)
    return text.mask(branch, text.str.replace(",.*$", "", regex=True))


def _tell_nothing(text: pd.Series) -> pd.Series:
    """Fewer than four letters, two where a sign is a word."""
    letters = text.str.replace("[0-9 ]", "", regex=True).str.len()
    signs = text.str.contains("[぀-ヿ㐀-鿿]", regex=True)
    return letters < signs.map({True: 2, False: FEWEST_LETTERS})


def _folded(names: pd.Series, written_out: bool = False) -> pd.Series:
    text = names.fillna("").astype("str").str.replace(_INVISIBLE, "", regex=True).str.replace(_BLANKS, " ", regex=True)
    text = text.str.normalize("NFKC").str.replace("İ", "i", regex=False).str.lower()
    for letter, plain in ((_FOLDED | _WRITTEN_OUT) if written_out else _FOLDED).items():
        text = text.str.replace(letter, plain, regex=False)
    text = text.str.normalize("NFKD").str.replace(f"[{chr(0x300)}-{chr(0x36F)}]", "", regex=True)
    text = text.str.replace(_FORMS_ANYWHERE, " ", regex=True)
    text = (
        text.str.replace("^l['’]", "", regex=True)
        .str.replace("[.'’/]", "", regex=True)
        .str.replace(_SEPARATORS, " ", regex=True)
        .str.strip()
    )
    return text.str.replace(f"([a-z]) (?:{_AND}) ([a-z]{{2}})", r"\1 and \2", regex=True)
