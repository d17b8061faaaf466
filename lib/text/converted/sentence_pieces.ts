// tokenizer.model as Transformers 5 reads it: by the rules of the classes LlamaTokenizer and GemmaTokenizer, or by what
// the file itself says.
import { isRecord } from "../../basics/is_record.ts";
import { tokenContentOf } from "../../basics/token_content_of.ts";
import type { Component } from "../file/component.ts";
import { listOfConfig, type TokenizerConfig } from "../tokenizer_config.ts";
import { createPart, type Draft, mapTokensById, notConvertedError, PLAIN_BPE } from "./draft.ts";
import { listMerges } from "./merges.ts";
import type { Piece, PieceModel } from "./piece_model.ts";

const MARK = "\u2581"; // stands for a space
const MARK_TO_SPACE = createPart("Replace", { pattern: { String: MARK }, content: " " });
const BYTE_FALLBACK = createPart("ByteFallback");
const FUSE = createPart("Fuse");
const STRIP = createPart("Strip", { content: " ", start: 1, stop: 0 });

/** A draft for LlamaTokenizer. Throws unsupported for a model that is no BPE. */
export function draftLlama(model: PieceModel, config: TokenizerConfig): Draft {
  const prefix = (config.add_prefix_space ?? true) !== false;
  const scheme = !prefix ? "never" : config.legacy === true ? "always" : "first";
  return {
    model: { ...bpeOf(model, "LlamaTokenizer"), fuse_unk: true, byte_fallback: true },
    normalizer: null,
    pre_tokenizer: createMetaspace(scheme),
    decoder: createSequence("decoders", [MARK_TO_SPACE, BYTE_FALLBACK, FUSE, ...prefix ? [STRIP] : []]),
    config: withPieces(
      { unk_token: "<unk>", bos_token: "<s>", eos_token: "</s>", ...config },
      listPieces(model),
    ),
  };
}

const GEMMA = {
  unk_token: "<unk>",
  bos_token: "<bos>",
  eos_token: "<eos>",
  pad_token: "<pad>",
  mask_token: "<mask>",
};

/** A draft for GemmaTokenizer. Throws unsupported for a model that is no BPE. */
export function draftGemma(model: PieceModel, config: TokenizerConfig): Draft {
  const unk_token = tokenContentOf(config.unk_token) ?? GEMMA.unk_token;
  return {
    model: { ...bpeOf(model, "GemmaTokenizer"), unk_token, fuse_unk: true, byte_fallback: true },
    normalizer: createPart("Replace", { pattern: { String: " " }, content: MARK }),
    pre_tokenizer: createPart("Split", {
      pattern: { String: " " },
      ...{ behavior: "MergedWithPrevious", invert: false },
    }),
    decoder: createSequence("decoders", [MARK_TO_SPACE, BYTE_FALLBACK, FUSE]),
    config: withPieces({ ...GEMMA, ...config }, listPieces(model)),
  };
}

/** The vocabulary and merges of a BPE: a token is made of any two others, that of the lower id first, and of its ways
 * the one with the shorter left side. */
function bpeOf({ type, pieces }: PieceModel, name: string) {
  if (type !== "bpe" && type !== "char") throw notConvertedError(`a ${type} model of the class ${name}`);
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  const inOrder = [...ids].sort(([, a], [, b]) => a - b);
  const merges = listMerges(inOrder.map(([token]) => token), (token) => ids.has(token));
  return { ...PLAIN_BPE, vocab: Object.fromEntries(ids), merges };
}

/** A draft by what the file says, whatever the class. Throws unsupported where SentencePiece does what the pipeline
 * cannot. */
export function draftAsWritten(model: PieceModel, config: TokenizerConfig): Draft {
  if (model.type === "word") throw notConvertedError("a model of whole words");
  if (model.suffixes) throw notConvertedError("white space that belongs to the word before it");
  const names = model.type === "unigram"
    ? model.pieces.map(({ text }) => text)
    : namesOf(model.pieces, config);
  const users = model.pieces.flatMap(({ kind }, id) => kind === "user" ? names[id] ?? [] : []);
  const everywhere = config.legacy === undefined || config.legacy === true; // the prefix, after added tokens too
  const prefixed = [FUSE, STRIP];
  return {
    model: model.type === "unigram" ? unigramOf(model) : rankedBpeOf(model, names, users.length > 0),
    normalizer: normalizerOf(model, everywhere),
    pre_tokenizer: preTokenizerOf(model, users, everywhere ? "always" : "first"),
    decoder: createSequence("decoders", [
      MARK_TO_SPACE,
      ...model.byteFallback ? [BYTE_FALLBACK] : [],
      ...model.dummyPrefix ? prefixed : model.byteFallback ? [FUSE] : [],
    ]),
    config: withPieces(configOf(model, config), listPieces(model).filter(({ special }) => special)),
    asWritten: model.dummyPrefix,
  };
}

/** The texts of the pieces by their ids: where the config gives an id another text, that. A text that stands twice is
 * the last one's, there are holes for the others. */
function namesOf(pieces: readonly Piece[], config: TokenizerConfig): string[] {
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  const renamed = mapTokensById(config);
  const kept = new Set([...ids].flatMap(([text, id]) => renamed.has(id) ? [] : text));
  const names: string[] = [];
  for (const [text, id] of ids) {
    const name = renamed.get(id);
    names[id] = name === undefined || kept.has(name) ? text : name;
  }
  return names;
}

/** A BPE that merges pieces by their scores; whole words are looked up where `wholeWords`. */
function rankedBpeOf(
  { pieces, byteFallback, names: { unk } }: PieceModel,
  names: readonly string[],
  wholeWords: boolean,
) {
  const vocab = names.flatMap((name, id) => [[name, id] as const]);
  const normal = new Map(vocab.flatMap(([name, id]) => pieces[id]?.kind === "normal" ? [[name, id]] : []));
  const ranked = [...normal].sort(([, a], [, b]) => pieces[b]!.score - pieces[a]!.score || a - b);
  const merges = listMerges(ranked.map(([token]) => token), (token) => normal.has(token));
  return {
    ...{ ...PLAIN_BPE, unk_token: unk, fuse_unk: true, byte_fallback: byteFallback },
    ...{ ignore_merges: wholeWords, vocab: Object.fromEntries(vocab), merges },
  };
}

function unigramOf({ pieces, byteFallback, ids: { unk } }: PieceModel) {
  return {
    ...{ type: "Unigram", unk_id: unk, byte_fallback: byteFallback },
    vocab: pieces.map(({ text, score }) => [text, score]),
    exact_scores: true,
  };
}

/** What SentencePiece does with a text before it is cut, in its order. */
function normalizerOf(model: PieceModel, everywhere: boolean): Component {
  const replaced = (pattern: string, content: string) =>
    createPart("Replace", { pattern: { Regex: pattern }, content });
  const base64 = model.charsmap.toBase64();
  return createSequence("normalizers", [
    ...base64 === "" ? [] : [createPart("Precompiled", { precompiled_charsmap: base64 })],
    ...model.removesExtraSpaces ? [replaced("\\A +| +\\z", ""), replaced(" {2,}", " ")] : [],
    ...model.escapesSpaces ? [createPart("Replace", { pattern: { String: " " }, content: MARK })] : [],
    // Metaspace has no prefix for a text that begins with a mark, SentencePiece has.
    ...model.dummyPrefix && everywhere ? [replaced(`\\A${MARK}`, MARK + MARK)] : [],
  ]);
}

/** The prefix, then the pieces of users as words of their own: they are never merged. */
function preTokenizerOf(model: PieceModel, users: readonly string[], scheme: string): Component | null {
  const longestFirst = users.toSorted((a, b) => Array.from(b).length - Array.from(a).length);
  const pattern = longestFirst.map((piece) => piece.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, "\\$&"));
  const steps = [
    ...model.dummyPrefix ? [createMetaspace(scheme)] : [],
    ...users.length === 0 ? [] : [
      createPart("Split", { pattern: { Regex: pattern.join("|") }, behavior: "Isolated", invert: false }),
    ],
  ];
  return steps.length === 0 ? null : createSequence("pretokenizers", steps);
}

function createMetaspace(prepend_scheme: string): Component {
  return createPart("Metaspace", { replacement: MARK, prepend_scheme, split: false });
}

function createSequence(key: string, parts: readonly Component[]): Component {
  return createPart("Sequence", { [key]: parts });
}

/** The config with the names of special tokens that the file has. */
function configOf({ ids, names }: PieceModel, config: TokenizerConfig): TokenizerConfig {
  return {
    ...ids.bos < 0 ? {} : { bos_token: names.bos || "<s>" },
    ...ids.eos < 0 ? {} : { eos_token: names.eos || "</s>" },
    ...ids.unk < 0 ? {} : { unk_token: names.unk || "<unk>" },
    ...config,
  };
}

/** The pieces that are found in a text as added tokens. */
function listPieces({ pieces }: PieceModel) {
  return pieces.filter(({ kind }) => kind === "control" || kind === "user").map(({ text, kind }) => ({
    ...{ __type: "AddedToken", content: text, normalized: false, special: kind === "control" },
  }));
}

/** The config with `pieces` among its tokens without a name, where it lists none itself. */
function withPieces(config: TokenizerConfig, pieces: ReturnType<typeof listPieces>): TokenizerConfig {
  const list = listOfConfig(config);
  return list === undefined || isRecord(list) ? { ...config, additional_special_tokens: pieces } : config;
}
