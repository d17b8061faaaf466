// tokenizer.model: SentencePiece's ModelProto (sentencepiece_model.proto), of which only what a text's ids depend on is
// read. Its own reader, because a generic one is 4 ms of a start and a table of all fields.
import { fileError } from "../file/component.ts";

export type PieceKind = "normal" | "unknown" | "control" | "user" | "unused" | "byte";

export interface Piece {
  readonly text: string;
  readonly score: number; // logarithm
  readonly kind: PieceKind;
}

export interface PieceModel {
  readonly pieces: readonly Piece[];
  readonly type: "unigram" | "bpe" | "word" | "char";
  readonly byteFallback: boolean;
  readonly suffixes: boolean; // white space belongs to the word before it
  readonly ids: { readonly unk: number; readonly bos: number; readonly eos: number }; // negative: none
  readonly names: { readonly unk: string; readonly bos: string; readonly eos: string };
  readonly charsmap: Uint8Array; // empty: none
  readonly dummyPrefix: boolean;
  readonly removesExtraSpaces: boolean;
  readonly escapesSpaces: boolean;
}

const KINDS: readonly (PieceKind | undefined)[] = [
  undefined,
  ...["normal", "unknown", "control", "user", "unused", "byte"] as const,
];
const TYPES = ["unigram", "bpe", "word", "char"] as const;

/** Reads the file called `name`. Throws model_failed where it is none. */
export function readPieceModel(name: string, bytes: Uint8Array): PieceModel {
  try {
    return readModel(bytes);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw fileError(name, "it is no SentencePiece model");
  }
}

function readModel(bytes: Uint8Array): PieceModel {
  const model = fieldsOf(bytes);
  const trainer = fieldsOf(readLast(model, 2));
  const normalizer = fieldsOf(readLast(model, 3));
  const pieces = (model.get(1) ?? []).map((piece) => readPiece(fieldsOf(bytesOf(piece))));
  const type = TYPES[readNumber(trainer, 3, 1) - 1];
  if (pieces.length === 0 || type === undefined) throw new RangeError("no pieces");
  return {
    ...{
      pieces,
      type,
      byteFallback: readNumber(trainer, 35, 0) !== 0,
      suffixes: readNumber(trainer, 24, 0) !== 0,
    },
    ids: {
      unk: readNumber(trainer, 40, 0),
      bos: readNumber(trainer, 41, 1),
      eos: readNumber(trainer, 42, 2),
    },
    names: {
      unk: readText(trainer, 45, "<unk>"),
      bos: readText(trainer, 46, "<s>"),
      eos: readText(trainer, 47, "</s>"),
    },
    charsmap: readLast(normalizer, 2),
    dummyPrefix: readNumber(normalizer, 3, 1) !== 0,
    removesExtraSpaces: readNumber(normalizer, 4, 1) !== 0,
    escapesSpaces: readNumber(normalizer, 5, 1) !== 0,
  };
}

function readPiece(fields: Fields): Piece {
  const score = readLast(fields, 2);
  const kind = KINDS[readNumber(fields, 3, 1)];
  if (kind === undefined) throw new RangeError("an unknown kind of piece");
  return {
    text: readText(fields, 1, ""),
    score: score.length === 0 ? 0 : new DataView(score.buffer, score.byteOffset, 4).getFloat32(0, true),
    kind,
  };
}

/** The values of a message by their fields' numbers: whole numbers of 32 bits, or bytes. */
type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

const NO_BYTES = new Uint8Array();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function bytesOf(value: number | Uint8Array | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : NO_BYTES;
}

function readLast(fields: Fields, field: number): Uint8Array {
  return bytesOf(fields.get(field)?.at(-1));
}

function readNumber(fields: Fields, field: number, absent: number): number {
  const value = fields.get(field)?.at(-1);
  return typeof value === "number" ? value : absent;
}

function readText(fields: Fields, field: number, absent: string): string {
  const value = fields.get(field)?.at(-1);
  return value instanceof Uint8Array ? decoder.decode(value) : absent;
}

/** Takes a message apart (https://protobuf.dev/programming-guides/encoding/). Throws a RangeError where it is none. */
function fieldsOf(bytes: Uint8Array): Fields {
  const fields = new Map<number, (number | Uint8Array)[]>();
  const cursor = { at: 0 };
  const take = (length: number): Uint8Array => {
    if (length < 0 || cursor.at + length > bytes.length) throw new RangeError("cut off");
    return bytes.subarray(cursor.at, cursor.at += length);
  };
  while (cursor.at < bytes.length) {
    const tag = readVarint(bytes, cursor) >>> 0;
    const field = tag >>> 3;
    const value = valueOf(tag & 7, () => readVarint(bytes, cursor), take);
    if (field === 0) throw new RangeError("field 0");
    const values = fields.get(field);
    if (values === undefined) fields.set(field, [value]);
    else values.push(value);
  }
  return fields;
}

function valueOf(
  wireType: number,
  varint: () => number,
  take: (length: number) => Uint8Array,
): number | Uint8Array {
  if (wireType === 0) return varint();
  if (wireType === 1) return take(8);
  if (wireType === 2) return take(varint());
  if (wireType === 5) return take(4);
  throw new RangeError(`wire type ${wireType}`);
}

/** The low 32 bits of the number here, with their sign; goes on behind it. */
function readVarint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new RangeError("cut off");
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new RangeError("a number of more than 10 bytes");
}
