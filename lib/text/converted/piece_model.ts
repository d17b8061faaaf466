// tokenizer.model: SentencePiece's ModelProto (sentencepiece_model.proto), of which only what a text's ids depend on is
// read. No generated reader, because that is 4 ms of a start and a table of all fields.
import { readRecords } from "../../basics/wire_format.ts";
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

/** Takes a message apart. Throws a RangeError where it is none. */
function fieldsOf(bytes: Uint8Array): Fields {
  const fields = new Map<number, (number | Uint8Array)[]>();
  for (const { field, wireType, body, end } of readRecords(bytes, 0, bytes.length)) {
    if (field === 0) throw new RangeError("field 0");
    const value = wireType === 0 ? readInt32(bytes, body) : bytes.subarray(body, end);
    const values = fields.get(field);
    if (values === undefined) fields.set(field, [value]);
    else values.push(value);
  }
  return fields;
}

/** The low 32 bits of a varint, with their sign: numbers below 0 are written as 64 bits. */
function readInt32(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start, shift = 0; shift < 32; at++, shift += 7) {
    value |= (bytes[at]! & 0x7f) << shift;
    if (bytes[at]! < 0x80) break;
  }
  return value;
}
