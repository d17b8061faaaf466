// How the tokens of one vocabulary become bytes and text: the `decoder` of tokenizer.json. It knows no ids.
import { findOwn } from "../../basics/find_own.ts";
import { byteLevelOptions } from "../file/byte_level.ts";
import { type Component, componentsOf, unsupportedError } from "../file/component.ts";
import { readStandIns, toStandIns } from "../unicode/stand_ins.ts";
import { type ChunkText, isText, type PathTexts, showWhitespace } from "../unicode/utf8.ts";
import { byteFallback, byteLevel, bytesOfStandIns, parseByteToken } from "./bytes.ts";
import { beginsCharacter, createByteTexts } from "./byte_texts.ts";
import { type Chunk, joinByOwner, type Step } from "./chunk.ts";
import { AFTER, BEFORE, createByteReader, type NamedStep, type PartEnds, textsOfPart } from "./parts.ts";
import { bpeDecoder, cleanUpText, ctc, fuse, metaspace, replace, spaces, strip, wordPiece } from "./steps.ts";

/** Bytes of a token, and the texts of a path of tokens. */
export interface TokenDecoder {
  /** What a token writes inside a path, where others come before and after it. */
  bytes(token: string): Uint8Array;
  /** Texts of a path's tokens from index `from` on: those of all, joined, are its decoded text. */
  texts(tokens: readonly string[], from: number): PathTexts;
  /** Whether tokens are bytes and nothing else. */
  readonly apart: boolean;
  /** The byte that a token names, as one of a run that is decoded as a whole; null: it names none. A path may be cut
   * and decoded in parts outside of such runs, and inside of one that is text as a whole, where a character begins.
   * Null in place of the function where tokens are bytes and nothing else (`begins` says where), and where a path may
   * not be cut. */
  readonly byteOf: ((token: string) => number | null) | null;
  /** Texts of a part of a path; `ends`: whether the path begins and ends with it. Null where it may not be cut. */
  textsOfPart(tokens: readonly string[], ends: PartEnds): readonly ChunkText[] | null;
  /** Whether the texts of a path from this token on, and those before it, are what they are without the others. */
  begins(token: string): boolean;
  /** How an added token is decoded. The reference reads each of its letters as a byte where it can, which leaves no
   * text of "ilÖveyou"; such a token is its own text here, as it is where the normalizer is ByteLevel. */
  added(content: string): string;
}

const kinds: Readonly<Record<string, (component: Component) => Step>> = {
  ByteLevel(component) {
    byteLevelOptions(component);
    return byteLevel;
  },
  ByteFallback: () => byteFallback,
  Fuse: () => fuse,
  BPEDecoder: bpeDecoder,
  CTC: ctc,
  Metaspace: metaspace,
  Replace: replace,
  Strip: strip,
  WordPiece: wordPiece,
};

/** Reads the decoder; without one tokens are joined by spaces. `cleansUp`: the whole text is cleaned up too, as
 * tokenizer_config.json may ask for. Throws faults (model_failed, unsupported). */
export function createTokenDecoder(component: Component | null, cleansUp: boolean): TokenDecoder {
  const own = component === null ? [{ type: "spaces", step: spaces }] : stepsOf(component);
  const named = cleansUp ? [...own, { type: "cleanup", step: cleanUpText }] : own;
  const steps = named.map(({ step }) => step);
  const levels = steps[0] === byteLevel;
  const apart = levels && steps.length === 1;
  const byteTexts = createByteTexts();
  return {
    apart,
    bytes: (token) => findBytesInside(token, steps),
    texts: apart ? byteTexts : (tokens, from) => textsOf(tokens, from, steps),
    byteOf: apart ? null : createByteReader(named),
    textsOfPart: apart
      ? (tokens) => byteTexts(tokens, 0).texts
      : (tokens, ends) => textsOfPart(tokens, ends, named),
    begins: (token) => apart && beginsCharacter(token),
    added(content) {
      const bytes = levels ? readStandIns(content) : null;
      return bytes === null || isText(bytes) ? content : toStandIns(content);
    },
  };
}

function stepsOf(component: Component): NamedStep[] {
  if (component.type === "Sequence") return componentsOf(component, "decoders").flatMap(stepsOf);
  const kind = findOwn(kinds, component.type);
  if (kind === undefined) throw unsupportedError(`a decoder of type ${component.type}`);
  return [{ type: component.type, step: kind(component) }];
}

function textsOf(tokens: readonly string[], from: number, steps: readonly Step[]): PathTexts {
  const chunks = tokens.map((text, owner): Chunk => [{ owner, text }]);
  const decoded = steps.reduce<Chunk[]>((current, step) => step(current), chunks);
  const texts = joinByOwner(decoded, tokens.length);
  return {
    offset: texts.slice(0, from).reduce((sum, { text }) => sum + text.length, 0),
    texts: texts.slice(from).map(({ text, display }) => ({ text, display: display ?? showWhitespace(text) })),
  };
}

const encoder = new TextEncoder();

function findBytesInside(token: string, steps: readonly Step[]): Uint8Array {
  if (steps[0] === byteLevel) return bytesOfStandIns(token);
  let chunks: Chunk[] = [BEFORE, token, AFTER].map((text, owner) => [{ owner, text }]);
  const current = () => joinByOwner(chunks, 3)[1]?.text ?? "";
  for (const step of steps) {
    if (step === byteLevel) return bytesOfStandIns(current());
    const byte = step === byteFallback ? parseByteToken(current()) : null;
    if (byte !== null) return Uint8Array.of(byte);
    chunks = step(chunks);
  }
  return encoder.encode(current());
}
