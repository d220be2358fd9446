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
]  # fmt: skip

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
    "transport", "energy", "foods", "food", "water", "power", "media", "design", "products",
]  # fmt: skip

# NFKD leaves these letters whole.
_FOLDED = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss", "&": " and ", "+": " and "}
# Patterns without \s, \S, \b and look-around run on whole columns at once; with them, name by name in Python.
_BLANKS = "[\t\n\r\x0b\x0c\xa0 ]+"
_SEPARATORS = "[ !-/:-@\\[-`{-~‐-―‘-‟«»·]+"
FEWEST_LETTERS = 4


def stems(names: pd.Series) -> pd.Series:
    """What is left of each name when the legal form, a branch and the country at its end are taken off?

    `names`: text. Lower case, without accents and punctuation; "" where too little is left to tell one
    company from another: fewer than 4 letters, generic words alone, or a name that ends in "of". A
    branch stands in brackets, after a dash, or after a comma behind at least two words ("Smith, John" and
    "Smith, Mary" are not one company).

    >>> stems(pd.Series(["Tailspin Toys (Sylvanite, MT)", "Acmé S.p.A.", "Acme - Lyon", "Trading GmbH"])).tolist()
    ['tailspin toys', 'acme', 'acme', '']
    """
    text = names.fillna("").astype("str").str.replace(_BLANKS, " ", regex=True)
    text = text.str.replace(r"[\(\[][^\)\]]*[\)\]]?", " ", regex=True)
    text = text.str.replace(" [-–—] .*$", "", regex=True)
    branch = text.str.contains("^[^ ,]+ [^,]*,[^&]*$", regex=True)
    text = _folded(text.mask(branch, text.str.replace(",.*$", "", regex=True)))
    text = text.str.replace(f"(?: (?:{'|'.join([*_FORMS, *_COUNTRIES, 'head office'])}))+$", "", regex=True)
    whole = text.str.replace(f"(?: (?:{'|'.join(_PARTS)}))+$", "", regex=True)
    text = whole.where(whole.str.contains(" ", regex=False), text)
    generic = text.str.fullmatch(f"(?:(?:{'|'.join([*_FORMS, *_PARTS, *_GENERIC, *_COUNTRIES])})(?: |$))*")
    cut = text.str.contains(" (?:of|de|du|des|di|in|von|fur|for|the)$", regex=True)
    short = text.str.replace("[0-9 ]", "", regex=True).str.len() < FEWEST_LETTERS
    return text.mask(generic | cut | short, "")


def _folded(text: pd.Series) -> pd.Series:
    text = text.str.lower()
    for letter, plain in _FOLDED.items():
        text = text.str.replace(letter, plain, regex=False)
    text = text.str.normalize("NFKD").str.replace(f"[{chr(0x300)}-{chr(0x36F)}]", "", regex=True)
    return text.str.replace("[.'’/]", "", regex=True).str.replace(_SEPARATORS, " ", regex=True).str.strip()
