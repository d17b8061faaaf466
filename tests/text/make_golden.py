"""Makes tests/fixtures/tokenizers.json.gz: small tokenizers of every kind and option, with the reference's ids and
decoded texts for a few dozen texts.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3
    /tmp/venv/bin/python tests/text/make_golden.py | gzip -9n > tests/fixtures/tokenizers.json.gz
"""
import base64
import io
import itertools
import json
import random
import sys

import sentencepiece
from tokenizers import Tokenizer
from tokenizers.pre_tokenizers import ByteLevel

TEXTS = [
    "", " ", "  ", "a", "Hello world", " leading", "trailing ", "two  spaces   three", "a-a--b", "--", "-a-", "a\nb",
    "line\r\nline\rline", "tab\tand\u000bmore\u000c", "caf\u00e9 na\u00efve", "cafe\u0301 e\u0301\u0302", "\u039f\u0394\u039f\u03a3 \u03a3 \u1fbc",
    "\u0130stanbul STRASSE \u00df \u1e9e", "\u65e5\u672c\u8a9e \u4e2d\u6587 \ud55c\uad6d\uc5b4", "\u30ab\u30bf\u30ab\u30ca\u30fc\u3072\u3089", "\U0001f99c \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "\u041f\u0440\u0438\u0432\u0435\u0442 ru \u00e9 ab", "a\u00a0b\u2003c\u3000d", "zero\u200bwidth\u200d\ufeffx", "\ufeffBOM",
    "nul\u0000 ctl\u0001\u0007\u001f\u007f\u0085\u009f", "1234 \u00bd\u00b2\u2460\u2167 \u0663", "don't I'm you're DON'T 'tis '\u017f", "end. What?! \u00abquote\u00bb \u2014 \u3002",
    "x_y z-w v.u $5 \u20ac9 + = < > | ~ ^ `", "\ufb01 \uff21\uff22\uff23 \u33a1 \u2122 \u1e9b\u0323", "a b c ab bc abc aab abab", "<s>a</s> <unk> <mask> x", "a <mask> b<mask>c\u0085<mask>\u00a0d",
    "il\u00d6veyou tok toks atok tok-tok \u00e9tok", "[CLS] [SEP] [UNK] #a", "<0x41><0x0A> <0xE9>", "|h|e|l|l|o|", "\u2581a \u2581\u2581b",
    "\u0915\u094d\u0937\u093f \u0e01\u0e33 \u1100\u1161\u11a8", "e\u0323\u0302 \u1ea5\u0323 q\u0307\u0323", "\ufffd\ufffc \u2028\u2029", "Don't\u00a0stop,\u2026 ok?", "\ud7a3\u1112\u1161\u11ab",
    "ABC abc AbC \u01c5 \u1e9e", "word </w> word</w>", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "unaffable un aff able !", "\u0007b \u0007", "\u0301a", "A. B , C ! D n't E 'm do not F 's G 've H 're ' I",
]
PATHS = 12  # random paths for each tokenizer, to be decoded

LETTERS = list("abcdefghijklmnopqrstuvwxyzABCDEHIW")
MORE = list("0123456789 -.,'!?<>/[]#|_\u2581\u0120") + ["\u00e9", "\u0301", "e\u0301", "\u00df", "\u03c3", "\u03bf", "\u65e5", "\U0001f99c", "\u041f", "\u0440"]
WORDS = ["ab", "bc", "abc", "aab", "he", "ll", "hell", "hello", "wor", "world", "the", "in", "ing", "aff", "able", "\u2581a", "\u2581\u2581", "\u2581ab", "\u2581w", "\u0120a", "\u0120h", "\u0120w"]
BYTES = [f"<0x{b:02X}>" for b in range(256)]
MERGES = [("a", "b"), ("b", "c"), ("ab", "c"), ("a", "ab"), ("a", "bc"), ("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), ("w", "o"), ("wo", "r"), ("a", "a"), ("aa", "aa"),
          ("\u2581", "a"), ("\u2581", "\u2581"), ("\u2581a", "b"), ("\u0120", "a"), ("\u0120", "h"), ("\u0120", "w"), ("-", "-"), ("<", "s"), ("<s", ">"), ("e", "\u0301")]


def bpe(alphabet, merges=MERGES, specials=("<unk>",), extra=(), **options):
    vocab = {}
    for token in [*specials, *alphabet, *extra]:
        vocab.setdefault(token, len(vocab))
    kept = []
    prefix = len(options.get("continuing_subword_prefix") or "")
    for left, right in merges:
        if left in vocab and right in vocab:
            vocab.setdefault(left + right[prefix:], len(vocab))
            kept.append([left, right])
    return dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None,
                fuse_unk=False, byte_fallback=False, ignore_merges=False, vocab=vocab, merges=kept) | options


CHARACTERS = LETTERS + MORE
LEVEL = sorted(ByteLevel.alphabet())
PLAIN = bpe(CHARACTERS, unk_token="<unk>")
LEVELED = bpe(LEVEL)


def unigram(byte_fallback=False, unk_id=0, extra=()):
    pieces = ["<unk>", "<s>", "</s>", *(BYTES if byte_fallback else []), *CHARACTERS, *WORDS, *extra]
    vocab = [[p, 0.0 if i < 3 else -3.0 - (i % 7) / 2 - 1.5 * (len(p) == 1)] for i, p in enumerate(dict.fromkeys(pieces))]
    return dict(type="Unigram", unk_id=unk_id, vocab=vocab, byte_fallback=byte_fallback)


def word_piece(**options):
    tokens = ["[UNK]", "[CLS]", "[SEP]", *CHARACTERS, *WORDS, *("##" + c for c in LETTERS + WORDS[:14]), "un", "##aff", "##able", "don", "what", "\u65e5\u672c"]
    vocab = {t: i for i, t in enumerate(dict.fromkeys(tokens))}
    return dict(type="WordPiece", unk_token="[UNK]", continuing_subword_prefix="##", max_input_chars_per_word=20, vocab=vocab) | options


WORD_LEVEL = dict(type="WordLevel", unk_token="<unk>", vocab={t: i for i, t in enumerate(
    ["<unk>", "a", "b", "ab", "Hello", "world", "-", "--", "caf\u00e9", "don", "'", "t", "12", "\u65e5", "x", "two", "three", "."])})


def added(content, id=0, **options):
    return dict(id=id, content=content, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True) | options


SPECIALS = [added("<unk>"), added("<s>"), added("</s>")]
META = dict(type="Metaspace", replacement="\u2581", prepend_scheme="always", split=True)
LEVEL_STEP = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True)
SPLIT = lambda behavior, invert=False, **pattern: dict(type="Split", pattern=pattern, behavior=behavior, invert=invert)
SEQUENCE = lambda key, *steps: {"type": "Sequence", key: list(steps)}
REPLACE = lambda content, **pattern: dict(type="Replace", pattern=pattern, content=content)
BERT = lambda clean=False, chinese=False, accents=False, lower=False: dict(type="BertNormalizer", clean_text=clean, handle_chinese_chars=chinese, strip_accents=accents, lowercase=lower)
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
PATTERNS = {  # of well-known models, and of Oniguruma's own syntax
    "o200k": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "bloom": " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+",
    "deepseek": r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
    "named": r"(?<q>a|b)\k<q>?", "extended": "(?x) a b  # comment", "intersection": r"[[:alpha:]&&[^b]]+|[[:^alpha:]]{2}", "anchors": r"\Aa|b\z|\h+", "kept": r"a\Kb",
}
BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]


def sentencepiece_maps():
    """Charsmaps of real SentencePiece models."""
    lines = ["the quick brown fox", "jumps over the lazy dog", "hello world again and again", "some more text for a small model"] * 5
    for rule in ["nfkc", "nmt_nfkc_cf"]:  # 140 kB each; nmt_nfkc and nfkc_cf pass too
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_writer=model, vocab_size=40, hard_vocab_limit=False, normalization_rule_name=rule, minloglevel=9)
        yield rule, charsmap(model.getvalue())


def charsmap(model):
    """Field 2 (precompiled_charsmap) of field 3 (normalizer_spec) of the model's protocol buffer."""
    return field(field(model, 3), 2)


def field(message, wanted):
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        size = {0: None, 1: 8, 5: 4}.get(key & 7)
        if key & 7 == 0:
            _, at = varint(message, at)
            continue
        if key & 7 == 2:
            size, at = varint(message, at)
        if key >> 3 == wanted and key & 7 == 2:
            return message[at:at + size]
        at += size
    raise ValueError(wanted)


def varint(message, at):
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


MAPS = {rule: base64.b64encode(chars).decode() for rule, chars in sentencepiece_maps()}


def tokenizers():
    """Names and tokenizers; a pre-tokenizer or normalizer under test stands before the same few models."""
    def made(name, model=PLAIN, **parts):
        return name, dict(version="1.0", truncation=None, padding=None, added_tokens=parts.pop("added", []), normalizer=None, pre_tokenizer=None, post_processor=None, decoder=None, model=model) | parts

    # models
    yield made("BPE")
    yield made("BPE without unk", bpe(CHARACTERS))
    yield made("BPE fuse_unk", bpe(CHARACTERS, unk_token="<unk>", fuse_unk=True))
    yield made("BPE byte_fallback", bpe(CHARACTERS, specials=("<unk>", *BYTES), unk_token="<unk>", byte_fallback=True, fuse_unk=True), decoder=SEQUENCE("decoders", REPLACE(" ", String="\u2581"), dict(type="ByteFallback"), dict(type="Fuse"), dict(type="Strip", content=" ", start=1, stop=0)))
    yield made("BPE some bytes", bpe(CHARACTERS, specials=("<unk>", *BYTES[:0xC4]), unk_token="<unk>", byte_fallback=True), decoder=dict(type="ByteFallback"))
    yield made("BPE ignore_merges", bpe(CHARACTERS, extra=("Hello", "world", "aaaa"), unk_token="<unk>", ignore_merges=True), pre_tokenizer=dict(type="WhitespaceSplit"))
    yield made("BPE prefix", bpe([*CHARACTERS, *("##" + c for c in LETTERS)], [("a", "##b"), ("##b", "##c"), ("ab", "##c"), ("l", "##l"), ("##l", "##l"), ("##ll", "##o")], unk_token="<unk>", continuing_subword_prefix="##"), pre_tokenizer=dict(type="WhitespaceSplit"), decoder=dict(type="WordPiece", prefix="##", cleanup=False))
    yield made("BPE suffix", bpe([*CHARACTERS, *(c + "</w>" for c in LETTERS)], [("a", "b</w>"), ("l", "d</w>"), ("r", "ld</w>"), ("a", "b"), ("b", "c</w>")], unk_token="<unk>", end_of_word_suffix="</w>"), pre_tokenizer=dict(type="Whitespace"), decoder=dict(type="BPEDecoder", suffix="</w>"))
    yield made("BPE legacy merges", PLAIN | dict(merges=["#version: 0.2"] + [" ".join(m) for m in PLAIN["merges"]]))
    yield made("Unigram", unigram(), pre_tokenizer=META, decoder=META, added=SPECIALS)
    yield made("Unigram byte_fallback", unigram(True), decoder=SEQUENCE("decoders", dict(type="ByteFallback"), META | dict(prepend_scheme="never")), added=SPECIALS)
    yield made("Unigram no split", unigram(True), pre_tokenizer=META | dict(split=False, prepend_scheme="first"), decoder=META, added=SPECIALS)
    yield made("Unigram never", unigram(), pre_tokenizer=META | dict(prepend_scheme="never"), decoder=META | dict(prepend_scheme="never"), added=SPECIALS[:1])
    yield made("WordPiece", word_piece(), pre_tokenizer=dict(type="BertPreTokenizer"), normalizer=BERT(True, True, None, True), decoder=dict(type="WordPiece", prefix="##", cleanup=True), added=[added("[UNK]"), added("[CLS]"), added("[SEP]")],
               post_processor=dict(type="BertProcessing", sep=["[SEP]", 2], cls=["[CLS]", 1]))
    yield made("WordPiece cased", word_piece(max_input_chars_per_word=6), pre_tokenizer=dict(type="BertPreTokenizer"), decoder=dict(type="WordPiece", prefix="##", cleanup=False))
    yield made("WordLevel", WORD_LEVEL, pre_tokenizer=dict(type="Whitespace"))

    # normalizers, before a byte-level model that loses nothing
    level = dict(pre_tokenizer=LEVEL_STEP | dict(use_regex=False), decoder=LEVEL_STEP)
    normalizers = [
        *((kind, dict(type=kind)) for kind in ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt"]),
        *((f"Strip {left} {right}", dict(type="Strip", strip_left=left, strip_right=right)) for left, right in itertools.product([False, True], repeat=2)),
        ("NFD accents", SEQUENCE("normalizers", dict(type="NFD"), dict(type="StripAccents"), dict(type="Lowercase"))),
        *((f"Bert {o}", BERT(*o)) for o in [(True,), (False, True), (False, False, True), (False, False, False, True), (True, True, None, False), (True, True, None, True)]),
        ("Prepend", dict(type="Prepend", prepend="\u2581x")),
        ("Replace text", REPLACE("\u2581", String=" ")), ("Replace special", REPLACE("*", String=".")),
        ("Replace runs", REPLACE(" ", Regex=r"\s+|-{2,}")), ("Replace words", REPLACE("W", Regex=r"\b\w|\W{2}")),
        ("Replace classes", REPLACE("", Regex=r"[^\p{L}\p{N}\s&&[^b]]|[[:punct:]]")), ("Replace ends", REPLACE("$", Regex=r"^ +| +$|\R"))]
    for name, normalizer in normalizers:
        yield made(f"normalizer {name}", LEVELED, normalizer=normalizer, **level)
    for name, chars in MAPS.items():
        yield made(f"normalizer Precompiled {name}", LEVELED, normalizer=dict(type="Precompiled", precompiled_charsmap=chars), **level)
    yield made("normalizer ByteLevel", LEVELED, normalizer=dict(type="ByteLevel"), decoder=LEVEL_STEP, added=[added("il\u00d6veyou", special=False, normalized=True), added("tok", normalized=True)])

    # pre-tokenizers: the words that they make decide where pieces may merge, so each character's place shows
    pre_tokenizers = [
        *((f"Split {b} {i}", SPLIT(b, i, String="-")) for b in BEHAVIORS for i in [False, True]),
        *((f"Split regex {b} {i}", SPLIT(b, i, Regex=r"\w+|[^\w\s]+")) for b in BEHAVIORS for i in [False, True]),
        *((f"Split {name}", SPLIT("Isolated", Regex=pattern)) for name, pattern in PATTERNS.items()),
        ("Split llama", SPLIT("Isolated", Regex=LLAMA3)), ("Split empty", SPLIT("Isolated", Regex=r"x*")), ("Split empty text", SPLIT("MergedWithNext", String="")),
        ("Split look", SPLIT("Removed", Regex=r"(?<=a)b|(?i)HELLO|\h{2}")), ("Split boundary", SPLIT("Contiguous", Regex=r"\b")), ("Split possessive", SPLIT("Isolated", Regex=r"\s?+\p{L}++|\p{P}{1,2}|(?>a|ab)c|[ab]++c?")),
        ("Split in turn", SEQUENCE("pretokenizers", SPLIT("MergedWithPrevious", String=" "), SPLIT("MergedWithNext", Regex="[aeiou]"))),
        *((f"Punctuation {b}", dict(type="Punctuation", behavior=b)) for b in BEHAVIORS), ("Punctuation", dict(type="Punctuation")),
        *((kind, dict(type=kind)) for kind in ["Whitespace", "WhitespaceSplit", "BertPreTokenizer", "UnicodeScripts"]),
        ("CharDelimiterSplit", dict(type="CharDelimiterSplit", delimiter="|")), ("Digits", dict(type="Digits", individual_digits=False)), ("Digits one by one", dict(type="Digits", individual_digits=True)),
        *((f"FixedLength {n}", dict(type="FixedLength", length=n)) for n in [1, 3]), ("FixedLength", dict(type="FixedLength")),
        *((f"Metaspace {s} {split}", META | dict(prepend_scheme=s, split=split)) for s in ["always", "first", "never"] for split in [True, False]),
        ("Metaspace defaults", dict(type="Metaspace", replacement="_")), ("Metaspace old", dict(type="Metaspace", replacement="\u2581", add_prefix_space=True, str_rep="\u2581")),
        ("Metaspace after words", SEQUENCE("pretokenizers", dict(type="WhitespaceSplit"), META | dict(prepend_scheme="first")))]
    for name, pre_tokenizer in pre_tokenizers:
        yield made(f"pre-tokenizer {name}", bpe(CHARACTERS, [*MERGES, *(list(p) for p in itertools.product("abcl -", repeat=2))], unk_token="<unk>", fuse_unk=True), pre_tokenizer=pre_tokenizer, decoder=dict(type="Fuse"), added=[added("<mask>", rstrip=True, special=True)])
    for space, regex in itertools.product([False, True], repeat=2):
        yield made(f"pre-tokenizer ByteLevel {space} {regex}", LEVELED, pre_tokenizer=dict(type="ByteLevel", add_prefix_space=space, trim_offsets=False, use_regex=regex), decoder=LEVEL_STEP, post_processor=dict(type="ByteLevel", add_prefix_space=space, trim_offsets=True, use_regex=True), added=[added("<mask>", lstrip=True)])

    # decoders
    decoders = [
        ("null", None), ("Fuse", dict(type="Fuse")), ("Metaspace", META), ("Metaspace never", META | dict(prepend_scheme="never")), ("BPEDecoder", dict(type="BPEDecoder", suffix="b")),
        ("CTC", dict(type="CTC", pad_token="a", word_delimiter_token="|", cleanup=True)), ("CTC raw", dict(type="CTC", pad_token="<s>", word_delimiter_token="|", cleanup=False)),
        ("WordPiece clean", dict(type="WordPiece", prefix="a", cleanup=True)), ("ByteFallback", dict(type="ByteFallback")), ("Strip", dict(type="Strip", content="a", start=1, stop=0)),
        ("Strip fused", SEQUENCE("decoders", dict(type="Fuse"), dict(type="Strip", content=" ", start=2, stop=2))), ("Replace", REPLACE("_", String="a")),
        ("Replace fused", SEQUENCE("decoders", dict(type="Fuse"), REPLACE("<>", Regex=r"a+|-b?"))), ("Replace in turn", SEQUENCE("decoders", REPLACE(" ", String="\u2581"), SEQUENCE("decoders", dict(type="Fuse")), REPLACE("", Regex="^ ")))]
    for name, decoder in decoders:
        yield made(f"decoder {name}", unigram(True), decoder=decoder, added=[added("<s>"), added("</s>", special=False), added("tok tok", special=False)])

    # post-processors
    special = lambda name: {"SpecialToken": dict(id=name, type_id=0)}
    text = lambda id="A": {"Sequence": dict(id=id, type_id=0)}
    names = {"<s>": dict(id="<s>", ids=[1], tokens=["<s>"]), "</s>": dict(id="</s>", ids=[2, 2], tokens=["</s>", "</s>"])}
    template = lambda *single: dict(type="TemplateProcessing", single=list(single), pair=[text(), text("B")], special_tokens=names)
    processors = [
        ("Template", template(special("<s>"), text(), special("</s>"))), ("Template twice", template(text(), special("</s>"), text())), ("Template none", template(special("<s>"))),
        ("Bert", dict(type="BertProcessing", sep=["</s>", 2], cls=["<s>", 1])), ("Roberta", dict(type="RobertaProcessing", sep=["</s>", 2], cls=["<s>", 1], trim_offsets=True, add_prefix_space=False)),
        ("ByteLevel", LEVEL_STEP), ("in turn", SEQUENCE("processors", LEVEL_STEP, template(special("<s>"), text()))),
        ("Bert after Template", SEQUENCE("processors", template(special("<s>"), text()), dict(type="BertProcessing", sep=["</s>", 2], cls=["<s>", 1]))),
        ("Roberta after Template", SEQUENCE("processors", template(text(), special("</s>")), dict(type="RobertaProcessing", sep=["</s>", 2], cls=["<s>", 1], trim_offsets=True, add_prefix_space=False))),
        ("pair after Template", SEQUENCE("processors", template(text(), special("</s>")), template(text(), special("</s>"))))]
    for name, processor in processors:
        yield made(f"post-processor {name}", unigram(), post_processor=processor, decoder=dict(type="Fuse"), added=SPECIALS)

    # added tokens
    flags = ["lstrip", "rstrip", "single_word", "normalized", "special"]
    for chosen in [[], *([f] for f in flags), flags[:2], flags[:3], flags[:4], ["single_word", "lstrip"], ["normalized", "rstrip", "single_word"]]:
        options = {f: f in chosen for f in flags}
        yield made("added " + " ".join(chosen), unigram(), normalizer=dict(type="Lowercase"), pre_tokenizer=META | dict(prepend_scheme="first"), decoder=META,
                   added=[added(c, **options) for c in ["<mask>", "tok", "toks", "ABC", "ab", "\u00e9", " -"]])
    yield made("added overlap", unigram(), decoder=dict(type="Fuse"), added=[added(c, special=False) for c in ["aa", "aab", "ab", "aaaa", "<s>a", "bc", "</s> ", "\U0001f99c", "\u65e5\u672c"]] + [added("b", special=False, normalized=True), added("Hello", normalized=True)])
    yield made("added beyond", PLAIN, decoder=dict(type="Fuse"), added=[added("x", 900), added("new one", 901), added("<s>", 905), added("other", 950, special=False), added("other", 951, special=False, rstrip=True)])
    yield made("added twice", PLAIN, decoder=dict(type="Fuse"), added=[added("tok"), added("tok", special=False, single_word=True)])
    yield made("Precompiled at the start", unigram(), normalizer=dict(type="Precompiled", precompiled_charsmap=MAPS["nmt_nfkc_cf"]), pre_tokenizer=META | dict(prepend_scheme="first"), decoder=META)
    yield made("added stripped", unigram(), normalizer=SEQUENCE("normalizers", dict(type="Strip", strip_left=True, strip_right=False), REPLACE("\u2581", String=" ")), pre_tokenizer=META | dict(prepend_scheme="first"), decoder=META, added=[added("<mask>", lstrip=True, normalized=True), added("<s>")])


def golden(name, tokenizer):
    reference = Tokenizer.from_str(json.dumps(tokenizer))
    cases = []
    for text in TEXTS:
        ids = attempt(lambda: reference.encode(text).ids)
        if ids is None:
            print("the reference panics:", name, repr(text), file=sys.stderr)
            cases.append(None)
            continue
        bare = reference.encode(text, add_special_tokens=False).ids
        decoded = attempt(lambda: reference.decode(ids, skip_special_tokens=False))
        cases.append([ids, decoded if decoded != text else True, *([bare] if bare != ids else [])])
    chance = random.Random(name)
    size = reference.get_vocab_size()
    paths = [[chance.randrange(size) for _ in range(chance.randrange(1, 9))] for _ in range(PATHS)]
    return dict(name=name, tokenizer=tokenizer, cases=cases, paths=[[p, attempt(lambda: reference.decode(p, skip_special_tokens=False))] for p in paths])


def attempt(run):
    """None where the reference panics, which it does on empty input to some decoders."""
    try:
        return run()
    except BaseException:
        return None


def shared(goldens):
    """The tokenizers' models and charsmaps once each."""
    models, maps = [], []

    def place(list_, value):
        if value not in list_:
            list_.append(value)
        return list_.index(value)

    for one in goldens:
        one["tokenizer"] = {k: v for k, v in one["tokenizer"].items() if v not in (None, [])}
        one["tokenizer"]["model"] = place(models, one["tokenizer"]["model"])
        normalizer = one["tokenizer"].get("normalizer") or {}
        if normalizer.get("type") == "Precompiled":
            one["tokenizer"]["normalizer"] = dict(type="Precompiled", precompiled_charsmap=place(maps, normalizer["precompiled_charsmap"]))
    return dict(texts=TEXTS, models=models, maps=maps, tokenizers=goldens)


if __name__ == "__main__":
    print(json.dumps(shared([golden(*one) for one in tokenizers()]), ensure_ascii=False, separators=(",", ":")))
