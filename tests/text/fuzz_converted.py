"""Random folders whose tokenizer is in other files than tokenizer.json (vocab.json and merges.txt, vocab.txt, tokenizer.model,
tiktoken.model, tekken.json), each with what Transformers makes of texts there, as lines of JSON for fuzz_folders.ts. Folders
that it refuses are left out. Files that are no JSON are in base64.

    pip install tokenizers==0.23.3 transformers==5.24.0 sentencepiece==0.2.3 protobuf tiktoken
    python tests/text/fuzz_converted.py SEED COUNT > /tmp/converted.jsonl
    deno run -P=tools tests/text/fuzz_folders.ts /tmp/converted.jsonl

    python tests/text/fuzz_converted.py 7 75 | gzip -9n > tests/fixtures/tokenizer_conversions.jsonl.gz
"""
import base64
import io
import json
import os
import random
import sys
import tempfile

import fuzz_folders
from fuzz_folders import CONTENTS, LETTERS, TEMPLATE
import sentencepiece
from tokenizers import pre_tokenizers
from transformers import AutoTokenizer

WORDS = "the quick brown fox jumps over lazy dogs hello Hello world how are you today abab abc aab kitten mittens 12 345 6789 café naïve straße don't it's".split()
PARTS = [*fuzz_folders.PARTS, "the", " quick", "hello world", "  ", "\t", "日本", "🦜", "▁", "▁a", "ﬁ", "Ω", "\u3000", "<u>", "ab c", "12", "345", "don't", "e\u0301", "\r\n", "<0x41>", "aA"]


class Known:
    """A vocabulary as fuzz_folders.config looks at it."""

    def __init__(self, vocab):
        self.token_to_id, self.get_vocab_size = vocab.get, lambda: len(vocab)
        chosen = [token for token in list(vocab)[:40] if len(token) > 1][:6]
        self.get_added_tokens_decoder = lambda: {vocab[token]: fuzz_folders.AddedToken(token, normalized=False, special=True) for token in chosen}


def byte_pairs(chance):
    end = chance.choice(["", "", "", "</w>"])
    letters = sorted(pre_tokenizers.ByteLevel.alphabet()) if end == "" else [*LETTERS, *".,!?'", *(letter + end for letter in [*LETTERS, *".,!?'"]), "<unk>"]
    vocab = {token: at for at, token in enumerate(letters)}
    merges = []
    for _ in range(chance.randrange(40)):
        left, right = chance.choice(list(vocab)), chance.choice(list(vocab))
        if end != "" and left.endswith(end):
            continue
        if chance.random() < 0.7:
            word = ("Ġ" if end == "" else "") + chance.choice(WORDS)
            at = chance.randrange(1, len(word))
            left, right = word[max(0, at - 1):at], word[at:at + 1]
            if left not in vocab or right not in vocab:
                continue
        merges.append((left, right))
        vocab.setdefault(left + right, len(vocab))
    for content in chance.sample(CONTENTS, 2) + ["<|endoftext|>"]:
        if chance.random() < 0.6:
            vocab.setdefault(content, len(vocab))
    lines = [" ".join(pair) for pair in dict.fromkeys(merges)]
    if chance.random() < 0.7:
        lines.insert(0, "#version: 0.2")
    text = "\n".join(lines) + chance.choice(["", "\n"] if lines else ["\n"])
    kind = "OpenAIGPTTokenizer" if end else chance.choice(["GPT2Tokenizer", "GPT2TokenizerFast", "CodeGenTokenizer", "Qwen2Tokenizer", "Qwen2TokenizerFast", "GPTNeoXTokenizer"])
    types = {"Qw": ["qwen2", "qwen3", "qwen2_moe"], "GPT2": ["gpt2", "gptj", "opt", "phi"], "GPTN": ["gpt_neox", "mamba"], "Code": ["phi", "codegen"], "Open": ["openai-gpt"]}
    type = chance.choice(next(names for start, names in types.items() if kind.startswith(start)))
    return {"vocab.json": vocab, "merges.txt": text.encode()}, vocab, kind, type


def word_pieces(chance):
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *".,!?'", *("##" + letter for letter in LETTERS), "hello", "ab", "##ab", "日", "caf", "café", *chance.sample(CONTENTS, 2)]
    if chance.random() < 0.3:
        chance.shuffle(tokens)
    tokens = list(dict.fromkeys(tokens))
    text = chance.choice(["\n", "\n", "\r\n"]).join(tokens) + chance.choice(["", "\n"])
    return {"vocab.txt": text.encode()}, {token: at for at, token in enumerate(tokens)}, chance.choice(["BertTokenizer", "BertTokenizerFast"]), chance.choice(["gpt2", "bert"])


def train(chance):
    options = dict(model_type=chance.choice(["bpe", "bpe", "unigram", "char"]), byte_fallback=chance.random() < 0.6, add_dummy_prefix=chance.random() < 0.7, remove_extra_whitespaces=chance.random() < 0.5)
    if chance.random() < 0.4:
        options["user_defined_symbols"] = chance.sample(["<u>", "ab c", "▁▁", "he", "\t", "<img>"], chance.randrange(1, 4))
    if chance.random() < 0.3:
        options["control_symbols"] = chance.sample(["<tool>", "<pad>", "<|im_start|>"], 2)
    if chance.random() < 0.3:
        options |= chance.choice([dict(pad_id=3), dict(pad_id=0, eos_id=1, bos_id=2, unk_id=3, pad_piece="<pad>"), dict(bos_id=-1), dict(unk_piece="[UNK]", bos_piece="[CLS]"), dict(eos_id=-1)])
    options["normalization_rule_name"] = "identity"
    lines = [" ".join(chance.choice(WORDS) for _ in range(8)) for _ in range(60)]
    model = io.BytesIO()
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as rules:
        if chance.random() < 0.3:
            rules.write("FB01\t66 69\n2126\t3A9\n61 41\t7A\n3000\t20\nE9\t65 301\n")
            rules.flush()
            del options["normalization_rule_name"]
            options["normalization_rule_tsv"] = rules.name
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_writer=model, vocab_size=chance.choice([60, 90]) + 256 * options["byte_fallback"], hard_vocab_limit=False, minloglevel=2, **options)
    return model.getvalue(), options["model_type"]


def sentence_pieces(chance):
    model, kind = train(chance)
    read = sentencepiece.SentencePieceProcessor(model_proto=model)
    vocab = {read.id_to_piece(at): at for at in range(read.get_piece_size())}
    names = ["LlamaTokenizer", "LlamaTokenizerFast", "GemmaTokenizer"] if kind != "unigram" and chance.random() < 0.6 else [None, "PreTrainedTokenizerFast"]
    name = chance.choice(names)
    type = {"L": ["llama", "llama", "mistral", "phi3", None], "G": ["gemma", "gemma2"]}.get((name or "")[:1], ["mistral", "internlm2", "llama", None])
    return {"tokenizer.model": model}, vocab, name, chance.choice(type)


def ranked(chance):
    tokens = [bytes([byte]) for byte in range(256)]
    for _ in range(chance.randrange(60)):
        made = chance.choice(tokens) + chance.choice(tokens) if chance.random() < 0.3 else (" " * chance.randrange(2) + chance.choice(WORDS)).encode()[: chance.randrange(2, 6)]
        if made not in tokens and len(made) > 1:
            tokens.append(made)
    return tokens


def tiktoken(chance):
    tokens = ranked(chance)
    lines = b"".join(base64.b64encode(token) + b" " + str(at).encode() + b"\n" for at, token in enumerate(tokens))
    return {chance.choice(["tiktoken.model", "tokenizer.model"]): lines}, {}, chance.choice([None, "PreTrainedTokenizerFast"]), chance.choice(["mistral", None])


def tekken(chance):
    tokens = ranked(chance)
    special = [dict(rank=at, token_str=token, is_control=True) for at, token in enumerate(["<unk>", "<s>", "</s>", "[INST]", "[/INST]"])]
    more = chance.choice([0, 3])
    config = dict(pattern=r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+", num_vocab_tokens=len(tokens), default_num_special_tokens=len(special) + more)
    if chance.random() < 0.5:
        config["default_vocab_size"] = len(tokens) + len(special) + more - chance.choice([0, 2])
    ranks = [dict(rank=at, token_bytes=base64.b64encode(token).decode(), token_str=None) for at, token in enumerate(tokens)]
    return {"tekken.json": dict(config=config, vocab=ranks, special_tokens=special)}, {}, None, "mistral"


def folder(chance):
    files, vocab, kind, type = chance.choice([byte_pairs, byte_pairs, word_pieces, sentence_pieces, sentence_pieces, sentence_pieces, tiktoken, tekken])(chance)
    known = Known(vocab)
    config = fuzz_folders.config(chance, known) if chance.random() < 0.6 else {}
    if config.get("unk_token", "") is None or kind == "BertTokenizer":
        config = {key: value for key, value in config.items() if key not in ("unk_token", "cls_token", "sep_token")}
    if kind is not None and "Tokenizer" in kind:
        config["tokenizer_class"] = kind
    for key, chosen in dict(legacy=[True, False, None], add_bos_token=[True, False], add_prefix_space=[True, False], do_lower_case=[True, False], strip_accents=[True, False, None], tokenize_chinese_chars=[True, False]).items():
        if chance.random() < 0.3:
            config[key] = chance.choice(chosen)
    model = {} if type is None else {"model_type": type}
    if kind is not None and chance.random() < 0.15 and "tokenizer_class" in config:
        model["tokenizer_class"] = config.pop("tokenizer_class")
    if chance.random() < 0.9 or config.get("tokenizer_class"):
        files["tokenizer_config.json"] = config
    if type is not None or "tokenizer_class" in model:
        files["config.json"] = model
    if chance.random() < 0.2:
        files["special_tokens_map.json"] = fuzz_folders.special_map(chance)
    if chance.random() < 0.1:
        files["added_tokens.json"] = {content: len(vocab) + at for at, content in enumerate(chance.sample(CONTENTS, 2))}
    return files


def case(chance):
    files = folder(chance)
    with tempfile.TemporaryDirectory() as path:
        for name, value in files.items():
            with open(os.path.join(path, name), "wb") as file:
                file.write(value if isinstance(value, bytes) else json.dumps(value).encode())
        try:
            made = AutoTokenizer.from_pretrained(path)
            made("".join(PARTS))
        except Exception as error:  # whatever it says
            if os.environ.get("WHY"):
                print(sorted(files), str(error)[:200], file=sys.stderr)
            return None
    texts = []
    for one in ["".join(chance.choice(PARTS) + chance.choice(["", "", " "]) for _ in range(chance.randrange(1, 9))) for _ in range(6)]:
        ids = made(one)["input_ids"]
        texts.append([one, ids, made(one, add_special_tokens=False)["input_ids"], made.decode(ids)])
    template = made.apply_chat_template([{"role": "user", "content": "x"}], tokenize=False, chat_template=TEMPLATE)
    packed = {name: base64.b64encode(value).decode() if isinstance(value, bytes) else value for name, value in files.items()}
    return dict(files=packed, texts=texts, template=TEMPLATE, rendered=template, kind=type(made).__name__)


if __name__ == "__main__":
    for at in range(int(sys.argv[2])):
        line = case(random.Random(f"{sys.argv[1]}-{at}"))
        if line is not None:
            print(json.dumps(dict(name=f"{sys.argv[1]}-{at}", **line), ensure_ascii=False, separators=(",", ":")))
