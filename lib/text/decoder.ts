// How the tokens of one vocabulary become bytes and text: the `decoder` of tokenizer.json, reduced to the two
// families that language models use. It knows no ids. Behaviour is that of the Rust library (tokenizers/src/decoders).
import { concat } from "../basics/concat.ts";
import { isRecord } from "../basics/is_record.ts";
import { type Component, unsupported } from "./tokenizer_json.ts";
import { type ChunkText, chunkTexts, hexadecimal, isText, visible } from "./utf8.ts";

/** Bytes of a token, and the texts of a path of tokens. */
interface TokenDecoder {
  bytes(token: string): Uint8Array;
  /** Texts of a whole path: joined they are its decoded text. */
  texts(tokens: readonly string[]): ChunkText[];
}

/** What a SentencePiece-like decoder does, step by step. */
interface PieceRules {
  readonly replacements: (readonly [from: string, to: string])[];
  /** Tokens written `<0xNN>` are bytes. */
  byteFallback: boolean;
  /** Dropped wherever it occurs in the first token of a path (Metaspace). */
  droppedInFirst: string | null;
  /** Spaces cut from the beginning of the whole text, at most (Strip). */
  strippedSpaces: number;
}

const encoder = new TextEncoder();

/** Reads the decoder of tokenizer.json; throws a fault for families that no supported model uses. */
export function createTokenDecoder(decoder: Component | null): TokenDecoder {
  const steps = decoder === null ? [] : flatten(decoder);
  if (steps.some((step) => step.type === "ByteLevel")) return byteLevelDecoder();
  const rules: PieceRules = {
    replacements: [],
    byteFallback: false,
    droppedInFirst: null,
    strippedSpaces: 0,
  };
  if (steps.length === 0) throw unsupported("no decoder");
  for (const step of steps) readStep(step, rules);
  return pieceDecoder(rules);
}

function flatten(decoder: Component): Component[] {
  if (decoder.type !== "Sequence") return [decoder];
  return (Array.isArray(decoder.decoders) ? decoder.decoders as Component[] : []).flatMap(flatten);
}

function readStep(step: Component, rules: PieceRules): void {
  switch (step.type) {
    case "Replace": {
      const from = isRecord(step.pattern) ? step.pattern.String : undefined;
      if (typeof from !== "string") throw unsupported("a decoder that replaces a regular expression");
      rules.replacements.push([from, String(step.content ?? "")]);
      return;
    }
    case "Metaspace": {
      const replacement = String(step.replacement ?? "▁");
      const scheme = step.prepend_scheme ?? (step.add_prefix_space === false ? "never" : "always");
      rules.replacements.push([replacement, " "]);
      rules.droppedInFirst = scheme === "never" ? null : replacement;
      return;
    }
    case "Strip":
      if (step.content !== " " || Number(step.stop) > 0) {
        throw unsupported("a decoder that strips other than leading spaces");
      }
      rules.strippedSpaces = Number(step.start);
      return;
    case "ByteFallback":
      rules.byteFallback = true;
      return;
    case "Fuse":
      return;
    default:
      throw unsupported(`a decoder of type ${step.type}`);
  }
}

/** GPT-2's stand-ins: printable Latin-1 characters are their own byte, the other bytes are U+0100 and following. */
function byteOfStandIn(): Map<string, number> {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = byte > 0x20 && byte < 0x7f || byte > 0xa0 && byte !== 0xad;
    map.set(String.fromCharCode(printable ? byte : next++), byte);
  }
  return map;
}

function byteLevelDecoder(): TokenDecoder {
  const byteOf = byteOfStandIn();
  const bytes = (token: string): Uint8Array => {
    const out = new Uint8Array(token.length);
    for (let i = 0; i < token.length; i++) {
      const byte = byteOf.get(token.charAt(i));
      if (byte === undefined) return encoder.encode(token); // an added token with, say, a space: text as it stands
      out[i] = byte;
    }
    return out;
  };
  return { bytes, texts: (tokens) => chunkTexts(tokens.map(bytes)) };
}

function pieceDecoder(rules: PieceRules): TokenDecoder {
  const bytes = (token: string): Uint8Array => {
    const byte = byteOf(token, rules);
    return byte === null ? encoder.encode(pieceText(token, rules)) : Uint8Array.of(byte);
  };
  return { bytes, texts: (tokens) => pieceTexts(tokens, rules) };
}

function byteOf(token: string, rules: PieceRules): number | null {
  if (!rules.byteFallback || !/^<0x[0-9A-Fa-f]{2}>$/.test(token)) return null;
  return Number.parseInt(token.slice(3, 5), 16);
}

function pieceText(token: string, rules: PieceRules): string {
  return rules.replacements.reduce((text, [from, to]) => text.replaceAll(from, to), token);
}

function pieceTexts(tokens: readonly string[], rules: PieceRules): ChunkText[] {
  const texts: string[] = [];
  const shown: (string | null)[] = []; // null: the text made visible
  for (let i = 0; i < tokens.length;) {
    const run: Uint8Array[] = [];
    for (let byte = byteOf(tokens[i] ?? "", rules); byte !== null;) {
      run.push(Uint8Array.of(byte));
      byte = byteOf(tokens[i + run.length] ?? "", rules);
    }
    if (run.length === 0) {
      const mark = i === 0 ? rules.droppedInFirst : null;
      const token = tokens[i] ?? "";
      texts.push(pieceText(mark === null ? token : token.replaceAll(mark, ""), rules));
      shown.push(null);
    }
    for (const chunk of byteRunTexts(run)) {
      texts.push(chunk.text);
      shown.push(chunk.display);
    }
    i += Math.max(run.length, 1);
  }
  stripLeadingSpaces(texts, rules.strippedSpaces);
  return texts.map((text, i) => ({ text, display: shown[i] ?? visible(text) }));
}

/** A run of byte tokens that is not UTF-8 as a whole decodes to one U+FFFD for every byte. */
function byteRunTexts(run: readonly Uint8Array[]): ChunkText[] {
  if (isText(concat(Uint8Array, run))) return chunkTexts(run);
  return run.map((chunk) => ({ text: "\uFFFD", display: hexadecimal(chunk) }));
}

function stripLeadingSpaces(texts: string[], count: number): void {
  let left = count;
  for (let i = 0; i < texts.length && left > 0; i++) {
    const text = texts[i] ?? "";
    const spaces = Math.min(left, /^ */.exec(text)?.[0].length ?? 0);
    texts[i] = text.slice(spaces);
    if (texts[i] !== "") return;
    left -= spaces;
  }
}
