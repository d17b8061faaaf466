"""Random tokenizers of every kind and option, each with the reference's ids and decoded texts for random nasty texts,
as lines of JSON for fuzz_tokenizers.ts. A tokenizer that the reference refuses is a line too: {"tokenizer", "error"}.

    /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python tests/text/fuzz_tokenizers.py SEED COUNT > /tmp/cases.jsonl
    deno run -P=tools tests/text/fuzz_tokenizers.ts /tmp/cases.jsonl

    /tmp/venv/bin/python tests/text/fuzz_tokenizers.py faults > tests/fixtures/tokenizer_faults.json
"""
import copy
import json
import random
import sys

from tokenizers import Tokenizer
from tokenizers.pre_tokenizers import ByteLevel

PARTS = """a b c ab abc aab A B Hello world he ll o hello don't I'm 'S -- - _ . , ! ? # ## / < > <s> </s> <unk> <mask> [UNK] tok toks 1 23 456 0x2a ½ ² ① Ⅷ ٣
\u0000 \u0001 \u0007 \u001f \u007f \u0085 \u009f \u00a0 \u00ad \u200b \u200c \u200d \u200e \u202e \u2028 \u2029 \u2003 \u3000 \ufeff \ufffd \ufffc \u061c \u180e \u1680
é e\u0301 \u0301 \u0302\u0323 ß ẞ ſ İ ı Σ σ ς ΟΔΟΣ ΑΣ ᾼ ﬁ ＡＢ ™ ẛ̣ Å Ω K ǅ Ǆ ö Ö ilÖveyou 日 本語 中 文 漢 한국 \u1100\u1161\u11a8 \ud7a3 カ ナー ひら が か\u3099 \uac00\u11a8
🦜 👨‍👩‍👧 🇩🇪 👍🏽 ❤️ 1️⃣ 𝔘 𝟘 𐍈 𠀀 \U0001f9ff \U000e0041 שלום مرحبا ﷺ ل\u064e क्षि กำ ཀྵ Привет ё й \ue000 \U000f0000 \U0010ffff \u0378 \u0e5c \ufdd0 \ufffe \U0001fffe
▁ ▁a ▁▁ Ġ Ġa Ċ <0x41> <0xE9> <0x0A> </w> b</w> | |a| … 。 « » — ‘ ’ · ・ ، ؟ ՝ ` ^ ~ $ + = € ³ ¹ ꙲ ⃣ ̸ ﹍ ‿ ꟎ \U0001ccf0 \u1c89 \ua7da \U00016ea0""".split()
SPACES = [" ", " ", " ", "  ", "   ", "\t", "\n", "\r\n", "\r", "\u000b", "\u000c", "\u00a0", "\u2028", "", "", "", ""]
WORDS = ["ab", "bc", "abc", "aab", "he", "ll", "hell", "hello", "world", "the", "tok", "don", "▁a", "▁▁", "▁ab", "Ġa", "Ġh", "##a", "##b", "##bc", "b</w>", "a</w>", "日本", "e\u0301", "--", "12", "Hello", "ilÖ", "<s>", "é", "🦜", "ß", "ss"]
LETTERS = [*"abcdehlortwABHIS0123456789 -.,'!?<>/[]#|_", "▁", "Ġ", "é", "\u0301", "ß", "σ", "ς", "ο", "日", "本", "🦜", "П", "р", "\n", "\t", "\u200d", "한", "ö", "k"]
LEVEL = sorted(ByteLevel.alphabet())
BYTES = [f"<0x{b:02X}>" for b in range(256)]
BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
REGEXES = [r"\s+", r"\w+|[^\w\s]+", r"\p{L}+", r"[aeiou]", r"\d{1,3}(?=(?:\d{3})*\b)", r"\b", r"x*", r"^a|b$", r" ?\p{L}+| ?\p{N}+|\s+(?!\S)|\s+", r"(?i)AB|ß", r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
           r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+", r"[^\p{L}\p{M}]", r"\S+", r"\W", r"[[:punct:]]", r"[[:alnum:]]+", r"[[:space:]]", r"[[:upper:]]|[[:lower:]]", r"\h", r"\R", r"[一-龥぀-ゟ゠-ヿ]+", r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+", r"(?<=a)b", r"(?<!a)b", r"a(?!b)", r"(?:a|b)++", r"(?>a|ab)c", r"\p{Han}", r"\p{Hiragana}|\p{Katakana}",
           r"\p{P}", r"\p{S}", r"\p{Z}", r"\p{C}", r"\p{Cc}|\p{Cf}", r"[^[:ascii:]]", r"\x{1F99C}", r"\u00e9", r"[\x00-\x1f]", r"\p{^L}", r"\P{L}+", r"\p{Alphabetic}", r"[\w&&[^a]]+", r"(a)\1", r"\A\w", r"\w\z", r"\w\Z", r".", r"(?m).+", r"(?s).+", r".{2}", r"^", r"$", r"[^a]", r"[a-c&&b-z]", r"(?x) a  b", r"\p{Latin}+", r"\p{Emoji}", r"\p{Word}", r"\p{Space}", r"(?i)[a-k]", r"(?i)σ", r"(?i)k", r"(?i)[^k]", r"\G", r"\Ka", r"a{,2}b", r"a{2}", r"a{1,}?b", r"a{0}", r"b{2}+", r"[-a]", r"[a-]", r"[]a]", r"\d", r"\D+", r"\t|\n", r"\e|\a", r"\Qa", r"\N", r"\O", r"\X", r"\y", r"(?<n>a)\g<n>", r"\cA", r"\101", r"\0", r"[\b]", r"\p{Cn}", r"\p{Co}", r"\p{Nd}", r"\p{No}|\p{Nl}", r"\p{Any}", r"\p{ASCII}+", r"\p{XDigit}", r"\p{Digit}+", r"\p{Punct}", r"\p{Graph}", r"\p{Print}", r"[[:print:]]", r"[[:graph:]]", r"[[:cntrl:]]", r"[[:blank:]]", r"[[:xdigit:]]", r"[[:word:]]+", r"[[:^word:]]", r"[[:digit:]]", r"\p{Greek}", r"\p{IsGreek}", r"\p{Script=Greek}", r"\p{L}\p{M}*", r"é|e\u0301", r"[\p{L}--[a]]", r"a||b", r"", r"|a", r"(?#c)a", r"(?~ab)", r"a(?=\s|$)", r"\s(?=\s)", r"(?=a)", r"(?<=^|\s)\w"]


def text(chance):
    return "".join(chance.choice(PARTS) + chance.choice(SPACES) if chance.random() < 0.85 else chance.choice(LETTERS) for _ in range(chance.choice([0, 1, 1, 2, 3, 5, 8, 13])))


def pattern(chance):
    if chance.random() < 0.35:
        return {"String": chance.choice(["-", " ", "a", "ab", ".", "▁", "é", "\n", "  ", "🦜", "*", "<s>", "ß", "\u0301"])}
    return {"Regex": chance.choice(REGEXES)}


def flag(chance):
    return chance.random() < 0.5


def normalizer(chance, depth=0):
    kind = chance.choice(["NFC", "NFD", "NFKC", "NFKD", "Nmt", "Lowercase", "StripAccents", "Strip", "Replace", "Replace", "Prepend", "ByteLevel", "BertNormalizer", "BertNormalizer"] + ["Sequence"] * 3 * (depth < 2))
    if kind == "Sequence":
        return dict(type=kind, normalizers=[normalizer(chance, depth + 1) for _ in range(chance.randrange(4))])
    if kind == "Strip":
        return dict(type=kind, strip_left=flag(chance), strip_right=flag(chance))
    if kind == "Replace":
        return dict(type=kind, pattern=pattern(chance), content=chance.choice(["", " ", "▁", "x", "ab", "é", "$1", "\\1", "🦜", "\n"]))
    if kind == "Prepend":
        return dict(type=kind, prepend=chance.choice(["▁", " ", "x", "", "é", "ab"]))
    if kind == "BertNormalizer":
        return dict(type=kind, clean_text=flag(chance), handle_chinese_chars=flag(chance), strip_accents=chance.choice([None, True, False]), lowercase=flag(chance))
    return dict(type=kind)


def pre_tokenizer(chance, depth=0):
    kind = chance.choice(["ByteLevel", "ByteLevel", "Split", "Split", "Split", "Punctuation", "Whitespace", "WhitespaceSplit", "Digits", "Metaspace", "Metaspace", "CharDelimiterSplit", "UnicodeScripts", "FixedLength", "BertPreTokenizer"] + ["Sequence"] * 4 * (depth < 2))
    if kind == "Sequence":
        return dict(type=kind, pretokenizers=[pre_tokenizer(chance, depth + 1) for _ in range(chance.randrange(4))])
    if kind == "ByteLevel":
        return level(chance)
    if kind == "Split":
        return dict(type=kind, pattern=pattern(chance), behavior=chance.choice(BEHAVIORS), invert=flag(chance))
    if kind == "Punctuation":
        return dict(type=kind, behavior=chance.choice(BEHAVIORS))
    if kind == "Digits":
        return dict(type=kind, individual_digits=flag(chance))
    if kind == "Metaspace":
        return metaspace(chance)
    if kind == "CharDelimiterSplit":
        return dict(type=kind, delimiter=chance.choice(["|", " ", "a", "é", "🦜", "-"]))
    if kind == "FixedLength":
        return dict(type=kind, length=chance.choice([1, 2, 3, 5, 100]))
    return dict(type=kind)


def level(chance):
    return dict(type="ByteLevel", add_prefix_space=flag(chance), trim_offsets=flag(chance), use_regex=flag(chance))


def metaspace(chance):
    return dict(type="Metaspace", replacement=chance.choice(["▁", "▁", "_", "é", "🦜", " "]), prepend_scheme=chance.choice(["always", "first", "never"]), split=flag(chance))


def decoder(chance, depth=0):
    kind = chance.choice(["ByteLevel", "ByteLevel", "WordPiece", "Metaspace", "BPEDecoder", "CTC", "Fuse", "Strip", "Replace", "ByteFallback"] + ["Sequence"] * 6 * (depth < 2))
    if kind == "Sequence":
        return dict(type=kind, decoders=[decoder(chance, depth + 1) for _ in range(chance.randrange(5))])
    if kind == "ByteLevel":
        return level(chance)
    if kind == "WordPiece":
        return dict(type=kind, prefix=chance.choice(["##", "▁", "", "a"]), cleanup=flag(chance))
    if kind == "Metaspace":
        return metaspace(chance)
    if kind == "BPEDecoder":
        return dict(type=kind, suffix=chance.choice(["</w>", "a", "", "é"]))
    if kind == "CTC":
        return dict(type=kind, pad_token=chance.choice(["<s>", "a", "-"]), word_delimiter_token=chance.choice(["|", "▁", "b"]), cleanup=flag(chance))
    if kind == "Strip":
        return dict(type=kind, content=chance.choice([" ", "▁", "a", "é"]), start=chance.randrange(3), stop=chance.randrange(3))
    if kind == "Replace":
        return dict(type=kind, pattern=pattern(chance), content=chance.choice(["", " ", "x", "é", "ab"]))
    return dict(type=kind)


def numbered(chance, tokens):
    """Ids in order, or (as the reference allows) with gaps and shuffled."""
    tokens = list(dict.fromkeys(tokens))
    ids = list(range(len(tokens)))
    if chance.random() < 0.15:
        ids = sorted(chance.sample(range(2 * len(tokens)), len(tokens)))
    if chance.random() < 0.2:
        chance.shuffle(ids)
    return dict(zip(tokens, ids))


def bpe(chance, letters):
    prefix, suffix = (chance.choice([None] * 6 + ["", x, y]) for x, y in [("##", "▁"), ("</w>", "é")])
    extra = [x + s for x in letters for s in [suffix or ""]] + [(prefix or "") + x for x in letters] + [(prefix or "") + x + (suffix or "") for x in letters]
    with_bytes = chance.random() < 0.4
    tokens = ["<unk>", *letters, *extra, *(BYTES[:chance.choice([256, 256, 128, 0xC4])] if with_bytes else [])]
    chance.shuffle(pool := [w for w in WORDS])
    tokens += pool[:chance.randrange(len(pool))]
    known, merges = list(dict.fromkeys(tokens)), []
    for _ in range(chance.choice([0, 20, 80])):
        a, b = chance.choice(known[:40] + known[-30:]), chance.choice(known[:40] + known[-30:])
        merged = a + (b[len(prefix):] if prefix and b.startswith(prefix) else b)
        if len(merged) < 9 and [a, b] not in merges and (not prefix or b.startswith(prefix)):
            merges.append([a, b])
            known.append(merged)
    if chance.random() < 0.2:
        merges = [f"{a} {b}" for a, b in merges if " " not in a + b]
    return dict(type="BPE", dropout=chance.choice([None, None, 0.0]), unk_token=chance.choice([None, "<unk>", "<unk>"]), continuing_subword_prefix=prefix, end_of_word_suffix=suffix,
                fuse_unk=flag(chance), byte_fallback=with_bytes or flag(chance), ignore_merges=flag(chance), vocab=numbered(chance, known), merges=merges)


def unigram(chance, letters):
    tokens = list(dict.fromkeys(["<unk>", *letters, *WORDS, *(BYTES if flag(chance) else BYTES[:chance.choice([0, 128])])]))
    tokens = [t for t in tokens if t == "<unk>" or len(t) > 1 or chance.random() < 0.95]
    if chance.random() < 0.1:
        tokens += chance.sample(tokens, 3)
    scores = [-1.0, -2.0, -2.5, -3.0, -4.0, -5.5, -10.0, 0.0] if flag(chance) else [-x / 10 for x in range(1, 120)]
    return dict(type="Unigram", unk_id=chance.choice([0, 0, 0, None, len(tokens) - 1]), vocab=[[t, chance.choice(scores)] for t in tokens], byte_fallback=flag(chance))


def model(chance):
    letters = [x for x in (LEVEL if flag(chance) else LETTERS) if chance.random() < 0.97]
    kind = chance.choice(["BPE"] * 4 + ["Unigram"] * 3 + ["WordPiece"] * 2 + ["WordLevel"])
    if kind == "BPE":
        return bpe(chance, letters)
    if kind == "Unigram":
        return unigram(chance, letters)
    unknown = chance.choice(["<unk>", "<unk>", "a", "[UNK]"])
    if kind == "WordPiece":
        prefix = chance.choice(["##", "##", "", "▁"])
        return dict(type=kind, unk_token=unknown, continuing_subword_prefix=prefix, max_input_chars_per_word=chance.choice([0, 1, 3, 6, 100]), vocab=numbered(chance, ["<unk>", *letters, *(prefix + x for x in letters + WORDS), *WORDS]))
    return dict(type=kind, unk_token=unknown, vocab=numbered(chance, ["<unk>", *WORDS, *letters[:20], *PARTS[:chance.randrange(len(PARTS))]]))


def added_tokens(chance, known, leveled):
    made = []
    for _ in range(chance.choice([0, 0, 1, 2, 4, 7])):
        content = chance.choice(["<s>", "</s>", "<mask>", "<unk>", "ab", "a", "tok", "ilÖveyou", "日", "日本", "🦜", "👨‍👩‍👧", "é", "e\u0301", "A", "Hello", " ", "  ", "a b", "ß", "İ", "Σ", "<0x41>", "\n", "▁a", "Ġa", "\u0301", "toks", "lo w", "", "\u200d", "I'm", "-", "--"])
        ids = [known[content]] if content in known and chance.random() < 0.8 else [len(known) + len(made), chance.randrange(len(known)), len(known) + chance.randrange(20)]
        made.append(dict(id=chance.choice(ids), content=content, single_word=chance.random() < 0.25, lstrip=chance.random() < 0.25, rstrip=chance.random() < 0.25, normalized=flag(chance), special=flag(chance)))
    if leveled:  # their letters are bytes there: ours are the token's own text, on purpose
        made = [token for token in made if token["content"] not in ("é", "ß", "İ", "ilÖveyou", "Ġa")]
    return sorted(made, key=lambda token: token["id"]) if chance.random() < 0.8 else made


def post_processor(chance, known, depth=0):
    kind = chance.choice(["TemplateProcessing", "ByteLevel", "BertProcessing", "RobertaProcessing"] + ["Sequence"] * (depth < 1))
    tokens = list(known.items())
    if kind == "Sequence":
        return dict(type=kind, processors=[post_processor(chance, known, 1) for _ in range(chance.randrange(4))])
    if kind == "ByteLevel":
        return level(chance)
    if kind in ("BertProcessing", "RobertaProcessing"):
        made = dict(type=kind, sep=list(chance.choice(tokens)), cls=list(chance.choice(tokens)))
        return made | dict(trim_offsets=flag(chance), add_prefix_space=flag(chance)) if kind[0] == "R" else made
    specials = dict(chance.sample(tokens, 2))
    piece = lambda ids: chance.choice([dict(Sequence=dict(id=chance.choice(ids), type_id=0)), dict(SpecialToken=dict(id=chance.choice(list(specials)), type_id=chance.randrange(2)))])
    return dict(type=kind, single=[piece("A") for _ in range(chance.randrange(4))], pair=[dict(Sequence=dict(id="A", type_id=0)), dict(Sequence=dict(id="B", type_id=1))],
                special_tokens={t: dict(id=t, ids=[i] * chance.choice([1, 1, 2]), tokens=[t] * 1) for t, i in specials.items()})


def tokenizer(chance):
    made = model(chance)
    known = {t: i for i, (t, _) in enumerate(made["vocab"])} if made["type"] == "Unigram" else made["vocab"]
    maybe = lambda make, *more: make(chance, *more) if chance.random() < 0.65 else None
    decode = maybe(decoder)
    return dict(version="1.0", truncation=chance.choice([None] * 5 + [dict(direction="Right", max_length=3, strategy="LongestFirst", stride=0)]), padding=chance.choice([None] * 5 + [dict(strategy=dict(Fixed=8), direction="Left", pad_to_multiple_of=None, pad_id=0, pad_type_id=0, pad_token="<unk>")]),
                added_tokens=added_tokens(chance, known, "ByteLevel" in json.dumps(decode)), normalizer=maybe(normalizer), pre_tokenizer=maybe(pre_tokenizer), post_processor=maybe(post_processor, known), decoder=decode, model=made)


def mutated(chance, whole):
    """One place of the file is left out, of another type, or one too many."""
    places = []

    def walk(node):
        if isinstance(node, (dict, list)):
            for key in (list(node) if isinstance(node, dict) else range(len(node)))[:12]:
                places.append((node, key))
                walk(node[key])

    whole = copy.deepcopy(whole)
    walk(whole)
    node, key = chance.choice(places)
    what = chance.randrange(4)
    if what == 0:
        del node[key]
    elif what == 1 and isinstance(node, dict):
        node[chance.choice(["odd", "id", "type", "split", "str_rep", "special", "add_prefix_space"])] = chance.choice([None, True, 1, "x"])
    else:
        node[key] = chance.choice([None, True, False, 0, 1, -1, 1.5, "", "a", "ab", "Isolated", [], {}, ["a"], [["a", 1]], {"a": 0}, 2 ** 32, 2 ** 31, "Removed", "NFC", [None]])
    return whole


def attempt(run):
    """None where the reference panics."""
    try:
        return run()
    except BaseException:
        return None


def plain(model, texts, **parts):
    made = dict(version="1.0", truncation=None, padding=None, added_tokens=[], normalizer=None, pre_tokenizer=None, post_processor=None, decoder=dict(type="Fuse"), model=model) | parts
    made["added_tokens"] = [dict(dict(id=0, single_word=False, lstrip=False, rstrip=False, normalized=False, special=False), **token) for token in made["added_tokens"]]
    return made, texts


def faults():
    """What was wrong once, and the texts that showed it."""
    words = dict(type="WordLevel", unk_token="<unk>", vocab={"<unk>": 0, "a": 1, "b": 2})
    spaces = ["a   b  ", " ", "   ", "a b", "a \n b"]
    yield plain(words, spaces, added_tokens=[dict(content=" ", lstrip=True, rstrip=True)])
    yield plain(words, spaces, added_tokens=[dict(content=" ", lstrip=True, rstrip=True, normalized=True), dict(content="\n", lstrip=True, rstrip=True)])
    yield plain(words, ["\U0001ccf0m", "𝔘m", "𠀀m", "🦜m", "m𝔘", "a m", "本m"], added_tokens=[dict(content="m", single_word=True)])
    some = [["o", -1.2], ["t", -7.6], ["tok", -7.0]]
    yield plain(dict(type="Unigram", unk_id=None, vocab=some, byte_fallback=False), ["tok", "otok", "tokk", "k"])
    joined = lambda prefix, *tokens: dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix=prefix, end_of_word_suffix=None, fuse_unk=False, byte_fallback=False, ignore_merges=False, vocab={t: i for i, t in enumerate(tokens)}, merges=[list(tokens[:2])])
    for prefix, second in [("##", "xyb"), ("##", "éb"), ("é", "xyb"), ("é", "éb"), ("##", "b")]:
        yield plain(joined(prefix, "a", second, "ab"), ["a", "ab", "aéb"])
    for regex in [r"(?i)\p{Lu}", r"(?i)\P{Lu}", r"(?i:\p{Greek})\p{Ll}", r"(?i)[\p{Lu}]", r"\p{Word}+", r"\P{Word}"]:
        yield plain(words, ["Ab aB µΣσ", "1²x ½", "K k"], normalizer=dict(type="Replace", pattern={"Regex": regex}, content="b"), decoder=None)
    level = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True)
    for key in ("pre_tokenizer", "post_processor", "decoder"):
        for option in ("add_prefix_space", "trim_offsets", "use_regex"):
            for value in (None, 1, "left out"):
                yield plain(words, ["a"], **{key: {k: v for k, v in (level | {option: value}).items() if v != "left out"}})
    for part in [dict(odd=1), dict(truncation=dict(max_length=3)), dict(padding=dict(strategy="Odd")), dict(padding=dict(strategy=dict(Fixed=8, odd=1), direction="Left", pad_to_multiple_of=None, pad_id=0, pad_type_id=0, pad_token="a")), dict(added_tokens=[dict(content="x", special=None)]), dict(post_processor=dict(type="BertProcessing", sep=[1, 0], cls=["a", 1])),
                 dict(pre_tokenizer=dict(type="Split", pattern=dict(String="a", Regex="b"), behavior="Isolated", invert=False)), dict(pre_tokenizer=dict(type="Punctuation", behavior=None)),
                 dict(post_processor=dict(type="TemplateProcessing", single=[dict(Sequence=dict(id="A"))], pair=[], special_tokens={}))]:
        yield plain(words, ["a"], **part)


def case(chance, name, made, chosen=None):
    source = json.dumps(made)
    try:
        reference = Tokenizer.from_str(source)
    except BaseException as error:
        return dict(name=name, tokenizer=made, error=str(error))
    ids = list(reference.get_vocab(with_added_tokens=False).values())
    normal = [reference.normalizer.normalize_str(t.content) for t in reference.get_added_tokens_decoder().values() if t.normalized] if reference.normalizer else []
    if len(set(normal)) < len(normal) or len(set(ids)) < len(ids):
        return None  # which of two added tokens with one normal form, or of two tokens with one id, it is changes from load to load
    reference.no_truncation()  # as Transformers does
    reference.no_padding()
    texts, ordinary = [], []
    for one in chosen or [text(chance) for _ in range(12)]:
        ids = attempt(lambda: reference.encode(one).ids)
        bare = attempt(lambda: reference.encode(one, add_special_tokens=False).ids)
        texts.append([one, ids, bare, None if ids is None else attempt(lambda: reference.decode(ids, skip_special_tokens=False))])
    reference.encode_special_tokens = True
    for one, *_ in texts:
        ordinary.append(attempt(lambda: reference.encode(one, add_special_tokens=False).ids))
    size = max(reference.get_vocab().values(), default=0) + 2
    paths = [[chance.randrange(size) for _ in range(chance.randrange(1, 9))] for _ in range(6)]
    return dict(name=name, tokenizer=made, texts=texts, ordinary=ordinary, paths=[[p, attempt(lambda: reference.decode(p, skip_special_tokens=False))] for p in paths])


if __name__ == "__main__" and sys.argv[1:] == ["faults"]:
    chance = random.Random(0)
    print(json.dumps([case(chance, f"fault {at}", *one) for at, one in enumerate(faults())], ensure_ascii=False, separators=(",", ":")))
elif __name__ == "__main__":
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    for at in range(count):
        chance = random.Random(f"{seed}-{at}")
        made = tokenizer(chance)
        if at % 3 == 2:
            made = mutated(chance, made)
        line = case(chance, f"{seed}-{at}", made)
        if line is not None:
            print(json.dumps(line), flush=True)
