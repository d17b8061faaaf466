"""Writes lib/text/unicode/tables.ts: which characters the reference takes for punctuation, numbers, marks and so on,
found by asking it about every code point. Its tables are of several Unicode versions; JavaScript's are newer.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3 unicodedata2
    /tmp/venv/bin/python tests/text/make_tables.py > lib/text/unicode/tables.ts
"""
import unicodedata2 as unicodedata
from tokenizers import normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def ranges(code_points):
    found = []
    for c in code_points:
        if found and found[-1][1] == c - 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in found)


def splits(pre_tokenizer):
    return [c for c in CODE_POINTS if len(pre_tokenizer.pre_tokenize_str(f"a{chr(c)}a")) > 1]


def removed(normalizer):
    return [c for c in CODE_POINTS if normalizer.normalize_str(f"a{chr(c)}a") == "aa"]


def bert(**options):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**off, **options})


def normal_forms_differ():
    """Characters that a newer Unicode decomposes and the reference leaves alone."""
    forms = [(name, getattr(normalizers, name)()) for name in ("NFD", "NFKC", "NFKD")]
    newer = []
    for c in CODE_POINTS:
        text = chr(c)
        if any(unicodedata.normalize(name, text) != form.normalize_str(text) for name, form in forms):
            newer.append(c)
    return newer


def scripts():
    """Classes of characters between which UnicodeScripts splits; those of no class never split."""
    pre_tokenizer = pre_tokenizers.UnicodeScripts()
    apart = lambda a, b: len(pre_tokenizer.pre_tokenize_str(chr(a) + chr(b))) > 1
    classes, first = [], []
    last = None
    for c in CODE_POINTS:
        if not apart(0x41, c) and not apart(0x44F, c):
            continue
        if last is None or apart(first[last], c):
            last = next((i for i, one in enumerate(first) if not apart(one, c)), len(first))
            if last == len(first):
                first.append(c)
                classes.append([])
        classes[last].append(c)
    return [ranges(one) for one in classes]


def lines(text, width=108):
    line = ""
    for word in text.split(" "):
        if len(line) + len(word) + 1 > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def constant(name, comment, text):
    body = "\n".join("  " + line for line in lines(text, 106))
    return f"/** {comment} */\nexport const {name} = `\n{body}\n`;\n"


print("// Written by tests/text/make_tables.py from PyPI tokenizers 0.23.3: ranges of code points in hexadecimal.\n")
print(constant("PUNCTUATION", "Where Punctuation and BertPreTokenizer split.", ranges(splits(pre_tokenizers.Punctuation("isolated")))))
print(constant("NUMERIC", "Where Digits splits.", ranges(splits(pre_tokenizers.Digits(True)))))
print(constant("NONSPACING_MARKS", "What BertNormalizer's strip_accents removes after NFD.", ranges(removed(bert(strip_accents=True)))))
print(constant("COMBINING_MARKS", "What StripAccents removes.", ranges(removed(normalizers.StripAccents()))))
print(constant("CONTROLS", "What BertNormalizer's clean_text removes.", ranges(removed(bert(clean_text=True)))))
print(constant("NEVER_DECOMPOSED", "Characters that Unicode decomposes since a version newer than the reference's.", ranges(normal_forms_differ())))
print("/** Characters of one script, one a line: UnicodeScripts splits between them. */\nexport const SCRIPTS = [")
for script in scripts():
    parts = list(lines(script, 102))
    if len(parts) == 1:
        print(f'  "{parts[0]}",')
    else:
        print("  `" + "\n  ".join(parts) + "`,")
print("];")
