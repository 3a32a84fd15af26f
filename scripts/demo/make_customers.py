#!/usr/bin/env python3
"""Makes up customers for the demonstration; none of them exists.

  make_customers.py --out FILE.jsonl --people FILE.json [--count N] [--seed N] [--now RFC3339]

Writes an import file (docs/cli.md) with account, billing, support and telemetry records of each
customer, and beside it what identifies each of them: the identifiers, and every personal value
that a search of the vault's files must not find. The same seed and time give the same bytes.

Every personal value is unique over all customers and at least 8 bytes long in UTF-8, so that a
hit in a search means this person and no chance.
"""
import argparse
import datetime
import json
import random

GIVEN = ["Zoë", "Łukasz", "Søren", "Aïcha", "Jürgen", "Noémie", "Björk", "Ángel", "Ștefan", "Nuño",
         "Þórdís", "Márta", "Çağla", "Ömer", "Élodie", "Jiří", "Ondřej", "Giulia", "Marta", "Pietro",
         "Anna", "Henrik", "Ewa", "Tomás", "Ирина", "Дмитрий", "Ελένη", "Γιώργος", "さくら", "健太"]
MIDDLE = ["Maria", "Jan", "Luise", "Paul", "Inês", "Óscar", "Klára", "Émile", "Rosa", "Viktor",
          "Ada", "Bruno", "Chiara", "Davide", "Elsa", "Felix", "Greta", "Hugo", "Ida", "Jonas"]
FAMILY = ["Müller", "Dvořák", "García", "Novák", "Østergård", "Ferrari-Conti", "Kowalczyk", "Lefèvre",
          "Nagy", "Papadopoulos", "Székely", "Ó Súilleabháin", "Lindström", "Yıldırım", "Čapek",
          "Brânză", "Иванова", "Петров", "山田", "Guðmundsdóttir", "Bianchi", "Rossi", "de la Cruz",
          "van den Berg", "Saarinen", "Żuławski", "Bérubé", "Öztürk", "Šimůnek", "Fernández"]
STREETS = ["Via Roma", "Große Bleiche", "Rue de l'Église", "Calle Mayor", "Østergade", "Ulica Długa",
           "Náměstí Míru", "Via dell'Università", "Kungsgatan", "Erzsébet körút"]
CITIES = ["Milano", "Mainz", "Besançon", "Málaga", "Ålborg", "Łódź", "Plzeň", "Padova", "Malmö", "Győr"]
COMPLAINTS = [
    "writes that the invoice came twice and asks which of the two is the right one",
    "cannot sign in since the last update and has tried three browsers",
    "asks for the delivery to be left with the neighbour, who is at home after five",
    "wants to know why the tariff changed in the middle of the month",
    "reports that the app shows somebody else's meter reading — a screenshot is attached",
]
FILLER = ("The agent listened, asked for the order number, looked it up, and explained what the system "
          "showed. Nothing was promised that is not written here. ")
DAY_SECONDS = 86_400


class People:
    """Draws customers one after another and sees to it that no two share a personal value."""

    def __init__(self, rng):
        self.rng = rng
        self.names = set()

    def name(self):
        while True:
            parts = [self.rng.choice(GIVEN), self.rng.choice(MIDDLE), self.rng.choice(MIDDLE),
                     self.rng.choice(FAMILY)]
            name = " ".join(parts)
            if name not in self.names:
                self.names.add(name)
                return name

    def person(self, number):
        """`number` is in every value but the name, which is unique by itself."""
        rng = self.rng
        digits = f"{rng.randrange(10**8):08d}{number:06d}"
        street = rng.choice(STREETS)
        city = rng.randrange(len(CITIES))
        return {
            "number": number,
            "name": self.name(),
            "customer_number": f"KD-{digits}",
            "email": f"kunde.{digits}@example.org",
            "phone": f"+39 02 {digits[:7]} {number:06d}",
            "street": f"{street} {number}/{rng.randrange(1000, 9999)}",
            "city": CITIES[city],
            "iban": f"IT60X054281110{digits}",
            "device": f"dev-{rng.getrandbits(64):016x}-{number}",
        }


def personal_values(person):
    keys = ["name", "customer_number", "email", "phone", "street", "iban", "device"]
    return [person[key] for key in keys]


class Clockwork:
    def __init__(self, rng, now):
        self.rng = rng
        self.now = now

    def ago(self, days_min, days_max):
        seconds = self.rng.randrange(int(days_min * DAY_SECONDS), int(days_max * DAY_SECONDS))
        return (self.now - datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def account(person, clock):
    return {"category": "account", "source": "provided", "origin_time": clock.ago(40, 2000),
            "data": {"name": person["name"],
                     "contact": {"email": person["email"], "phone": person["phone"]},
                     "address": {"street": person["street"], "city": person["city"],
                                 "country": "IT", "geo": {"lat": 45.46, "lon": 9.19}},
                     "consents": [{"purpose": "newsletter", "given": person["number"] % 3 == 0}]}}


def bill(person, clock, rng, which):
    lines = [{"item": f"Tarif {chr(65 + i)} – Grundgebühr", "cents": rng.randrange(500, 9000)}
             for i in range(rng.randrange(1, 5))]
    return {"category": "billing", "source": "observed", "origin_time": clock.ago(20, 1500),
            "data": {"invoice": f"RE-{which}-{person['customer_number']}",
                     "payer": {"name": person["name"], "iban": person["iban"]},
                     "lines": lines, "total_cents": sum(line["cents"] for line in lines)}}


def support_call(person, clock, rng):
    """A long free text with the person's data in the middle, as agents write them."""
    text = (f"{person['name']} ({person['customer_number']}) {rng.choice(COMPLAINTS)}. "
            + FILLER * rng.randrange(2, 40)
            + f"Call back under {person['phone']}. ☎ Bitte vor 17 Uhr – danke schön!")
    return {"category": "support", "source": "observed", "origin_time": clock.ago(1, 300),
            "text": text}


def telemetry(person, clock, rng):
    return {"category": "telemetry", "source": "observed", "origin_time": clock.ago(0.1, 26),
            "data": {"device": {"id": person["device"], "os": rng.choice(["linux", "ios", "android"])},
                     "events": [{"screen": rng.choice(["home", "bills", "help"]),
                                 "ms": rng.randrange(20, 9000)} for _ in range(rng.randrange(1, 8))]}}


def records_of(person, clock, rng):
    yield account(person, clock)
    yield bill(person, clock, rng, 1)
    yield bill(person, clock, rng, 2)
    yield support_call(person, clock, rng)
    yield telemetry(person, clock, rng)
    yield telemetry(person, clock, rng)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--people", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--now", default=None)
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    if arguments.now:
        now = datetime.datetime.fromisoformat(arguments.now.replace("Z", "+00:00"))
    rng = random.Random(arguments.seed)
    people, clock = People(rng), Clockwork(rng, now)
    described = []
    with open(arguments.out, "w", encoding="utf-8") as out:
        for number in range(1, arguments.count + 1):
            person = people.person(number)
            subject = {"identifiers": [{"type": "customer_number", "value": person["customer_number"]},
                                       {"type": "email", "value": person["email"]}]}
            for record in records_of(person, clock, rng):
                out.write(json.dumps({"subject": subject, **record}, ensure_ascii=False) + "\n")
            values = personal_values(person)
            assert all(len(value.encode()) >= 8 for value in values)
            described.append({**person, "personal_values": values})
    with open(arguments.people, "w", encoding="utf-8") as out:
        json.dump(described, out, ensure_ascii=False)
    unique = {value for person in described for value in person["personal_values"]}
    assert len(unique) == sum(len(person["personal_values"]) for person in described)


if __name__ == "__main__":
    main()
