"""Who has to be found, worked out from a roster's CSV without the program."""

import csv
import re
import unicodedata

NAME_COLUMNS = ("first_name", "middle_name", "last_name", "nickname")

# Latin letters that no mark can be taken from.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th",
                        "æ": "ae", "œ": "oe", "ı": "i"})
_MARKED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
# A beginning of any length is enough in these; in the first three also one of
# any ending.
_DENSE = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_SYLLABIC = re.compile("[\u4e00-\u9fff\uac00-\ud7af]+\\Z")


def fold(text):
    """Case and, where readers leave them out, marks."""
    out = []
    base = ""
    for char in unicodedata.normalize("NFKD", text).casefold():
        if not unicodedata.combining(char):
            base = unicodedata.name(char, "")
        elif base.startswith(_MARKED_SCRIPTS):
            continue
        out.append(char)
    return unicodedata.normalize("NFKC", "".join(out)).translate(_PLAIN)


def unaccented(text):
    """As somebody types it who has no accents on the keyboard."""
    return "".join(char for char in unicodedata.normalize("NFKD", text)
                   if not unicodedata.combining(char))


def is_latin(text):
    return all(unicodedata.name(char, "").startswith("LATIN")
               for char in text if char.isalpha())


def _compounds(text):
    """Words, each a list of (sign before it, part)."""
    signs = "".join(_sign(char) for char in fold(text))
    for word in signs.split(" "):
        parts = re.findall(r"(['-]?)([^'-]+)", word)
        if parts:
            yield parts


def _sign(char):
    if char in "'’":
        return "'"
    letter = unicodedata.category(char)[0] in "LMN"
    return char if letter or char == "-" else " "


def words_of(text):
    """The words of a query: O'Brien is obrien, Diaz-Balart is two."""
    for parts in _compounds(text):
        joined = []
        for sign, part in parts:
            if joined and sign == "'":
                joined[-1] += part
            else:
                joined.append(part)
        if any(_is_short(part) for part in joined):
            yield "".join(joined)
        else:
            yield from joined


def _is_short(word):
    return len(word) < 3 and not _DENSE.search(word)


def forms_of(text):
    """What a word of a query may be a beginning of."""
    for compound in _compounds(text):
        parts = [part for _, part in compound]
        for i, part in enumerate(parts):
            yield "".join(parts[i:])
            if _is_short(part):
                yield part
            if _SYLLABIC.match(part):
                yield from (part[j:] for j in range(1, len(part)))


class Oracle:
    """The rows of a roster and who is found by what."""

    def __init__(self, path):
        with open(path, encoding="utf-8-sig", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.forms = {row["external_id"]: self._forms(row) for row in self.rows}
        self.latin = {row["external_id"] for row in self.rows
                      if is_latin("".join(self._names(row)))}

    def _names(self, row):
        return [row[column] for column in NAME_COLUMNS if row.get(column)]

    def _forms(self, row):
        return {form for name in self._names(row) for form in forms_of(name)}

    def by_name(self, query):
        words = list(words_of(query))
        return {key for key, forms in self.forms.items()
                if all(self._found(word, forms) for word in words)}

    @staticmethod
    def _found(word, forms):
        if _is_short(word):
            return word in forms
        return any(form.startswith(word) for form in forms)

    def by_phone(self, phone):
        return {row["external_id"] for row in self.rows
                if row["phone"] and digits(row["phone"]) == digits(phone)}

    def full_names(self):
        return {f"{row['first_name']} {row['last_name']}" for row in self.rows}

    def latin_prefixes(self):
        """The first three letters of every word of a name in Latin letters."""
        return {form[:3] for key in self.latin for form in self.forms[key]
                if len(form) >= 3}


def digits(phone):
    """A number of ten digits; the sample's and Congress's are all American."""
    return re.sub(r"\D", "", phone)[-10:]
