"""Random tokenizer_config.json, special_tokens_map.json and added_tokens.json beside a small tokenizer.json, each folder with
what Transformers makes of texts there, as lines of JSON for fuzz_folders.ts. Folders that it refuses are left out.

    pip install tokenizers==0.23.3 transformers==5.24.0
    python tests/text/fuzz_folders.py SEED COUNT > /tmp/folders.jsonl
    deno run -P=tools tests/text/fuzz_folders.ts /tmp/folders.jsonl

    python tests/text/fuzz_folders.py 7 60 | gzip -9n > tests/fixtures/tokenizer_folders.jsonl.gz
"""
import json
import os
import random
import sys
import tempfile

os.environ["TRANSFORMERS_VERBOSITY"] = "critical"

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoTokenizer

LETTERS = "abcdehlopstkmxnr<>|[]/_"
CONTENTS = ["<s>", "</s>", "<pad>", "<|im_start|>", "<|im_end|>", "[MASK]", "<tool>", "<new>", "<img>", "ab", "Hello", "<extra 1>"]
PARTS = ["a", "ab", " ", "  ", "b", "hello", "Hello", ".", " , ", "!", " n't", " do not", "\n", "é", "x", *CONTENTS]
TEMPLATE = "{% for x in [bos_token, eos_token, unk_token, pad_token, mask_token, cls_token, sep_token, image_token, boi_token, x_token] %}{{ x }},{% endfor %}{{ pad_token is defined }}"


def byte_level(some):
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    known = dict.fromkeys([*letters, "ab", "he", "Ġa", *(["<s>", "<pad>", "<tool>"] if some else [])])
    made = Tokenizer(models.BPE(vocab={token: at for at, token in enumerate(known)}, merges=[("a", "b"), ("h", "e"), ("Ġ", "a")]))
    made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    return made


def sentence_pieces(some):
    known = dict.fromkeys(["<unk>", "<s>", "</s>", *LETTERS, "▁", "▁a", "ab", *(f"<0x{byte:02X}>" for byte in range(256)), *(["<pad>", "<tool>"] if some else [])])
    made = Tokenizer(models.BPE(vocab={token: at for at, token in enumerate(known)}, merges=[("a", "b"), ("▁", "a")], unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    made.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    return made


def word_pieces(some):
    known = dict.fromkeys(["<unk>", "a", "ab", "hello", "<s>", *([*CONTENTS] if some else []), *LETTERS, *".,!?'", *("##" + letter for letter in LETTERS)])
    made = Tokenizer(models.WordPiece({token: at for at, token in enumerate(known)}, unk_token="<unk>"))
    made.normalizer, made.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece(cleanup=some)
    return made


def flags(chance):
    return dict(lstrip=chance.random() < 0.25, rstrip=chance.random() < 0.25, normalized=chance.random() < 0.4, single_word=chance.random() < 0.15)


def written(chance, content):
    """A token as a config has it."""
    kind = chance.randrange(3)
    if kind == 0:
        return content
    return dict(__type="AddedToken", content=content, **flags(chance), **(dict(special=chance.random() < 0.5) if kind == 1 else {}))


def tokenizer(chance):
    made = chance.choice([byte_level, sentence_pieces, word_pieces])(chance.random() < 0.5)
    if made.normalizer is None and chance.random() < 0.3:
        made.normalizer = normalizers.Lowercase()
    for content in chance.sample(CONTENTS, chance.randrange(6)):
        add = made.add_special_tokens if chance.random() < 0.6 else made.add_tokens
        add([AddedToken(content, **flags(chance))])
    if chance.random() < 0.4 and made.token_to_id("<s>") is not None:
        made.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", made.token_to_id("<s>"))])
    return made


def added_decoder(chance, made):
    found = {}
    for at, token in made.get_added_tokens_decoder().items():
        if chance.random() < 0.9:
            found[str(at)] = {key: getattr(token, key) for key in ("content", "lstrip", "rstrip", "normalized", "single_word", "special")}
    if found and chance.random() < 0.3:
        found[chance.choice(list(found))][chance.choice(["lstrip", "rstrip", "special", "normalized"])] = chance.random() < 0.5
    if chance.random() < 0.4:
        content = chance.choice([*CONTENTS, "<more>", "hello world"])
        at = made.token_to_id(content)
        found[str(made.get_vocab_size() + chance.randrange(3) if at is None else at)] = dict(content=content, **flags(chance), special=chance.random() < 0.5)
    return found


def config(chance, made):
    found = {}
    for key in ["bos_token", "eos_token", "unk_token", "pad_token", "mask_token", "cls_token", "sep_token", "image_token"]:
        if chance.random() < 0.3:
            found[key] = chance.choice([None, written(chance, chance.choice(CONTENTS)), written(chance, chance.choice(CONTENTS))])
    for key in ["add_bos_token", "add_eos_token", "split_special_tokens", "clean_up_tokenization_spaces", "add_prefix_space", "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output"]:
        if chance.random() < 0.25:
            found[key] = chance.random() < 0.5
    if chance.random() < 0.3:
        found["additional_special_tokens"] = [written(chance, content) for content in chance.sample(CONTENTS, chance.randrange(4))]
    if chance.random() < 0.2:
        found["extra_special_tokens"] = chance.choice([{}, {"boi_token": "<img>"}, {"boi_token": written(chance, "<tool>")}, ["<new>", "<tool>"], [written(chance, "<img>")]])
    if chance.random() < 0.1:
        found["model_specific_special_tokens"] = {"x_token": "<img>"}
    if chance.random() < 0.5:
        found["added_tokens_decoder"] = added_decoder(chance, made)
    return found


def special_map(chance):
    found = {}
    for key in ["bos_token", "eos_token", "pad_token", "mask_token", "unk_token"]:
        if chance.random() < 0.4:
            found[key] = chance.choice([content := chance.choice(CONTENTS), dict(content=content, **flags(chance))])
    if chance.random() < 0.4:
        found["additional_special_tokens"] = chance.sample(CONTENTS, 2)
    if chance.random() < 0.2:
        found["extra_special_tokens"] = ["<tool>", dict(content="<img>", **flags(chance))]
    return found


def folder(chance):
    made = tokenizer(chance)
    files = {"tokenizer.json": json.loads(made.to_str())}
    if chance.random() < 0.9:
        files["tokenizer_config.json"] = config(chance, made)
    if chance.random() < 0.3:
        files["special_tokens_map.json"] = special_map(chance)
    if chance.random() < 0.15:
        ids = {content: made.token_to_id(content) for content in chance.sample(CONTENTS, 2)}
        files["added_tokens.json"] = {content: made.get_vocab_size() + more if at is None else at for more, (content, at) in enumerate(ids.items())}
    return files


def text(chance):
    return "".join(chance.choice(PARTS) + chance.choice(["", "", " "]) for _ in range(chance.randrange(1, 9)))


def case(chance):
    """A folder's files, texts with ids, ids without special tokens and decoded text, and what a template reads; None where
    Transformers refuses the folder."""
    files = folder(chance)
    with tempfile.TemporaryDirectory() as path:
        for name, value in files.items():
            with open(os.path.join(path, name), "w", encoding="utf-8") as file:
                json.dump(value, file)
        try:
            made = AutoTokenizer.from_pretrained(path)
        except Exception:  # whatever it says
            return None
    texts = []
    for one in [text(chance) for _ in range(6)]:
        ids = made(one)["input_ids"]
        texts.append([one, ids, made(one, add_special_tokens=False)["input_ids"], made.decode(ids)])
    template = made.apply_chat_template([{"role": "user", "content": "x"}], tokenize=False, chat_template=TEMPLATE)
    return dict(files=files, texts=texts, template=TEMPLATE, rendered=template)


if __name__ == "__main__":
    for at in range(int(sys.argv[2])):
        line = case(random.Random(f"{sys.argv[1]}-{at}"))
        if line is not None:
            print(json.dumps(dict(name=f"{sys.argv[1]}-{at}", **line), ensure_ascii=False, separators=(",", ":")))
