"""Cities with their coordinates, and invented company names in the manner of each region."""

from dataclasses import dataclass

from kam_analysis.sample.story import REGIONS


@dataclass(frozen=True)
class City:
    """A city, its ISO 3166 country, our sales region, and its coordinates in degrees."""

    name: str
    country: str
    region: str
    latitude: float
    longitude: float


def _cities(region: str, text: str) -> list[City]:
    rows = (line.split(",") for line in text.strip().splitlines())
    return [City(name.strip(), country, region, float(north), float(east)) for name, country, north, east in rows]


CITIES = tuple(
    _cities(
        "DACH",
        """Hamburg,DE,53.55,9.99
        Ludwigshafen,DE,49.48,8.44
        Leverkusen,DE,51.03,6.98
        Rostock,DE,54.09,12.14
        Jena,DE,50.93,11.59
        Bremen,DE,53.08,8.80
        Kassel,DE,51.31,9.48
        Ulm,DE,48.40,9.99
        Bielefeld,DE,52.02,8.53
        Regensburg,DE,49.02,12.10
        Zürich,CH,47.37,8.54
        Winterthur,CH,47.50,8.72
        Linz,AT,48.31,14.29
        Graz,AT,47.07,15.44""",
    )
    + _cities(
        "Nordics",
        """Malmö,SE,55.60,13.00
        Sundsvall,SE,62.39,17.31
        Odense,DK,55.40,10.39
        Tampere,FI,61.50,23.76
        Karlstad,SE,59.38,13.50
        Örebro,SE,59.27,15.21
        Esbjerg,DK,55.47,8.45
        Oulu,FI,65.01,25.47
        Stavanger,NO,58.97,5.73""",
    )
    + _cities(
        "Benelux & France",
        """Lyon,FR,45.76,4.84
        Rennes,FR,48.11,-1.68
        Gent,BE,51.05,3.72
        Antwerpen,BE,51.22,4.40
        Eindhoven,NL,51.44,5.48
        Groningen,NL,53.22,6.57
        Lille,FR,50.63,3.06
        Nantes,FR,47.22,-1.55
        Dordrecht,NL,51.81,4.69
        Liège,BE,50.63,5.57""",
    )
    + _cities(
        "UK & Ireland",
        """Leeds,GB,53.80,-1.55
        Bristol,GB,51.45,-2.59
        Reading,GB,51.45,-0.97
        Southampton,GB,50.90,-1.40
        Aberdeen,GB,57.15,-2.09
        Coventry,GB,52.41,-1.51
        Edinburgh,GB,55.95,-3.19
        Cork,IE,51.90,-8.47
        Truro,GB,50.26,-5.05
        Sheffield,GB,53.38,-1.47
        Hull,GB,53.74,-0.33
        Limerick,IE,52.66,-8.63""",
    )
    + _cities(
        "Central East",
        """Katowice,PL,50.26,19.02
        Łódź,PL,51.76,19.46
        Gdańsk,PL,54.35,18.65
        Poznań,PL,52.41,16.93
        Ostrava,CZ,49.84,18.29
        Brno,CZ,49.20,16.61
        Žilina,SK,49.22,18.74""",
    )
)
CITY = {city.name: city for city in CITIES}
IN_REGION = {region: [n for n, city in enumerate(CITIES) if city.region == region] for region in REGIONS}

INDUSTRIES = ("Water", "Chemicals", "Marine", "Pulp & Paper", "Food & Dairy", "Machinery", "Energy", "Mining", "Pharma")

_STEMS = {
    "DACH": "Ahrens Bergholz Dornfeld Eckhardt Falkenau Gerlach Hartung Immenhof Jessen Kaltenbach Lindow Marquardt Nordhoff "
    "Oberländer Petersen Quast Rosenau Steinbrück Thalmann Uhlich Vossberg Wendland Zieten Brockmann",
    "Nordics": "Almgren Bjerke Dalström Ekholm Fjellvik Granlund Hedvall Isaksson Järvi Kvist Lundmark Mäkelä Nyborg Östberg "
    "Rantala Skovgaard Tornvall Ulvik Vestergård Åkesson",
    "Benelux & France": "Aubrac Beauval Clairmont Delvaux Estrade Fontenelle Gaillard Haverkamp Janvier Kuipers Lambrecht "
    "Montclar Noordhof Oosterling Perrault Rochefort Segers Terwilligen Vallières Wouters",
    "UK & Ireland": "Ashdown Blackmoor Carrow Dunford Elmbridge Farleigh Garrick Holloway Innisfree Kilbride Langford "
    "Marlowe Netherby Ormsby Penrose Ravensworth Selwyn Tarbert Underwood Wexcombe",
    "Central East": "Bielak Czerny Dworak Gawron Horak Jaskula Kowalec Lipnik Morawa Nowotny Orlik Piekar Sokol Tarnow "
    "Wierzba Zelenka",
}
# Two trade words per industry, in INDUSTRIES' order.
_TRADES = {
    "DACH": "Wasserwerke Abwassertechnik|Chemie Lacke|Werft Schiffstechnik|Papier Zellstoff|Molkerei Brauerei|Maschinenbau Anlagenbau|"
    "Energie Kraftwerke|Bergbau Rohstoffe|Pharma Arzneimittel",
    "Nordics": "Vatten Vandteknik|Kemi Färg|Varv Marin|Papper Massa|Mejeri Bryggeri|Maskin Verkstad|Energi Fjärrvärme|Gruv Malm|Pharma Läkemedel",
    "Benelux & France": "Eaux Waterbeheer|Chimie Coatings|Marine Scheepswerf|Papier Cellulose|Laiterie Zuivel|Machines Mécanique|"
    "Énergie Warmte|Carrières Minerals|Pharma Santé",
    "UK & Ireland": "Water Waterworks|Chemicals Coatings|Marine Shipyards|Paper Board|Dairies Breweries|Engineering Machinery|"
    "Energy Power|Mining Quarries|Pharma Biotech",
    "Central East": "Hydro Aqua|Chemia Chem|Stocznia Marine|Papier Paper|Mleczarnia Browar|Maszyny Strojírny|Energia Energo|"
    "Kopalnia Minerals|Pharma Farm",
}  # fmt: skip
_FORMS = {
    "DE": "GmbH", "CH": "AG", "AT": "GmbH", "SE": "AB", "DK": "A/S", "FI": "Oy", "NO": "AS", "FR": "SAS", "BE": "NV",
    "NL": "BV", "GB": "Ltd", "IE": "Ltd", "PL": "Sp. z o.o.", "CZ": "s.r.o.", "SK": "s.r.o.",
}  # fmt: skip
# Names as customers really write them, given to the first accounts of the tail that fit.
UNUSUAL_NAMES = (
    ("DE", "Machinery", 'Müller & Söhne "Dichtungstechnik" GmbH'),
    ("DE", "Chemicals", "Brandt, Voss & Partner KG"),
    ("GB", "Machinery", "O'Hanlon Pumps & Process Ltd"),
    ("FR", "Food & Dairy", "Laiterie de l'Îlot, SA"),
    ("PL", "Chemicals", 'Zakłady Chemiczne "Wisła" S.A.'),
)


class Names:
    """Hands out names that do not repeat: stem and trade first, then with the city, then numbered."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, int], int] = {}
        self._unusual = list(UNUSUAL_NAMES)

    def next(self, city: City, industry: int) -> str:
        """A new company name for a city and an industry by its number in INDUSTRIES."""
        for unusual in self._unusual:
            if unusual[:2] == (city.country, INDUSTRIES[industry]):
                self._unusual.remove(unusual)
                return unusual[2]
        turn = self._used.get((city.region, industry), 0)
        self._used[city.region, industry] = turn + 1
        stems = _STEMS[city.region].split()
        trades = _TRADES[city.region].split("|")[industry].split()
        # 7 has no divisor in common with any number of stems: each turn takes another stem, all of them in time.
        again, place = divmod(turn, len(stems))
        stem, trade = stems[(7 * place + 11 * industry) % len(stems)], trades[(place + again) % 2]
        plain = f"{stem} {trade}" if again < 2 else f"{stem} {trade} {city.name}"
        number = "" if again < 2 + 2 else f" {again - 2}"
        return f"{plain}{number} {_FORMS[city.country]}"
