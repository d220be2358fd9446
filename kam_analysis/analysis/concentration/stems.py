"""What is left of a company's name without its legal form, its branch and its country."""

import pandas as pd

from kam_analysis.bundled import tables_beside

_TOWN_AND_STATE = r" [\(\[][^\(\)\[\],]+ [^\(\)\[\],]+, [A-Z][A-Z][\)\]]$"
# NFKD leaves these letters whole.
_FOLDED = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "&": " and ", "+": " and "}
# The same letters written out, as "Müller" is in an e-mail address.
_WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
# Patterns without \s, \S, \b and look-around run on whole columns at once; with them, name by name in Python.
_BLANKS = "[\t\n\r\x0b\x0c\xa0 ]+"
_SEPARATORS = "[ !-/:-@\\[-`{-~‐-―‘-‟«»·]+"
FEWEST_LETTERS = 4


def words_of(*lists: str) -> str:
    """The words of some lists of `names.toml`, as a pattern for any of them."""
    return "|".join(word for each in lists for word in tables_beside(__file__, "names.toml")[each])


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
    nobody = whole.str.fullmatch(f"(?:(?:{words_of('nobody')})(?: |$))*")
    return stem, written_out, squeezed(whole.mask(nobody, ""))


def _stems(whole: pd.Series, names: pd.Series, written_out: bool = False) -> pd.Series:
    """The stems of `names`, of which `whole` are the folded texts."""
    text = whole.copy()
    # Few names have a branch, of a house or otherwise: all others are what they are folded to.
    branched = names.fillna("").astype("str").str.contains("[\\(\\[,]| [-–—] ", regex=True)
    a_house = f"(?:^| )(?:{words_of('houses')})(?:$| )"
    house = whole.str.contains(a_house, regex=True)
    # "Toys (College Place, WA)" is no college: the town is called so.
    townless = names[branched & house].astype("str").str.replace(_TOWN_AND_STATE, "", regex=True)
    house[townless.index] = _folded(townless).str.contains(a_house, regex=True)
    branched &= ~house
    text[branched] = _folded(_without_branch(names[branched].astype("str")), written_out)
    text = text.str.replace(f" (?:{words_of('branches')})(?: .*)?$", "", regex=True)
    text = text.str.replace(f" (?:{words_of('sites')}) ?(?:nr|no)? ?[0-9]+$", "", regex=True)
    text = text.str.replace(f"^(?:{words_of('articles')}) (.*[a-z]{{4}})", r"\1", regex=True)
    text = text.str.replace(f"(?: (?:{words_of('forms', 'countries')}|head office))+$", "", regex=True)
    short = text.str.replace(f"(?: (?:{words_of('parts')}))+$", "", regex=True)
    text = short.where(short.str.contains(" ", regex=False), text)
    generic = text.str.fullmatch(f"(?:(?:{words_of('forms', 'parts', 'generic', 'countries')})(?: |$))*")
    cut = text.str.contains(" (?:of|de|du|des|di|in|von|fur|for|the)$", regex=True)
    # Fewer than four letters, two where a sign is a word.
    letters = text.str.replace("[0-9 ]", "", regex=True).str.len()
    signs = text.str.contains("[぀-ヿ㐀-鿿]", regex=True)
    return text.mask(generic | cut | (letters < signs.map({True: 2, False: FEWEST_LETTERS})), "")


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


def _folded(names: pd.Series, written_out: bool = False) -> pd.Series:
    text = names.fillna("").astype("str").str.replace(_INVISIBLE, "", regex=True).str.replace(_BLANKS, " ", regex=True)
    text = text.str.normalize("NFKC").str.replace("İ", "i", regex=False).str.lower()
    for letter, plain in ((_FOLDED | _WRITTEN_OUT) if written_out else _FOLDED).items():
        text = text.str.replace(letter, plain, regex=False)
    text = text.str.normalize("NFKD").str.replace(f"[{chr(0x300)}-{chr(0x36F)}]", "", regex=True)
    text = text.str.replace(words_of("forms_anywhere"), " ", regex=True)
    text = (
        text.str.replace("^l['’]", "", regex=True)
        .str.replace("[.'’/]", "", regex=True)
        .str.replace(_SEPARATORS, " ", regex=True)
        .str.strip()
    )
    return text.str.replace(f"([a-z]) (?:{words_of('and')}) ([a-z]{{2}})", r"\1 and \2", regex=True)
