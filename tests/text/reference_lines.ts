// A tokenizer with what the reference makes of texts, as fuzz_tokenizers.py writes it, held against the codec.
import { createTextCodec } from "../../lib/text/codec.ts";
import type { TextCodec } from "../../lib/text/types.ts";

/** Null stands where the reference panics. */
export interface Line {
  readonly name: string;
  readonly tokenizer: unknown;
  /** The reference refuses the tokenizer. */
  readonly error?: string;
  readonly texts?: readonly [
    text: string,
    ids: number[] | null,
    bare: number[] | null,
    decoded: string | null,
  ][];
  /** Ids of each text with special tokens as ordinary text. */
  readonly ordinary?: readonly (number[] | null)[];
  readonly paths?: readonly [ids: number[], decoded: string | null][];
}

export interface Difference {
  readonly what: string;
  readonly of: unknown;
  readonly theirs: unknown;
  readonly ours: unknown;
}

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    return `throws: ${error instanceof Error ? error.message : error}`;
  }
}

/** What of a line is different here; `count` is told of each comparison. */
export function* differencesOf(line: Line, count: (what: string) => void): Generator<Difference> {
  const codec = attempt(() => createTextCodec(line.tokenizer, {}));
  const refused = line.error !== undefined;
  if (refused !== (typeof codec === "string")) {
    const what = refused ? "ours accepts" : "ours refuses";
    yield { what, of: null, theirs: line.error, ours: refused ? null : codec };
  } else count(refused ? "both refuse" : "tokenizers");
  if (refused || typeof codec === "string") return;
  for (const [what, of, theirs, run] of comparisonsOf(line, codec)) {
    if (theirs === null) {
      count("the reference panics");
      continue;
    }
    const ours = attempt(run);
    if (JSON.stringify(ours) === JSON.stringify(theirs)) count(what);
    else yield { what: `${what} differ`, of, theirs, ours };
  }
}

type Comparison = readonly [what: string, of: unknown, theirs: unknown, run: () => unknown];

function* comparisonsOf(
  { texts = [], ordinary = [], paths = [] }: Line,
  codec: TextCodec,
): Generator<Comparison> {
  for (const [at, [text, ids, bare, decoded]] of texts.entries()) {
    yield ["ids", text, ids, () => codec.encode(text)];
    yield ["ids without specials", text, bare, () => codec.encode(text, { postProcess: false })];
    if (ids !== null) yield ["decoded", text, decoded, () => codec.decode(ids)];
    const plain = ordinary[at] ?? null;
    if (plain?.some((id) => codec.isSpecial(id))) continue; // here the model does not make one either
    yield ["ordinary", text, plain, () => codec.encode(text, { specials: false, postProcess: false })];
  }
  for (const [ids, decoded] of paths) {
    yield ["paths", ids, decoded, () => codec.decode(ids)];
    const joined = () => codec.tokensOf(ids).map((token) => token.text).join("");
    yield ["texts joined", ids, attempt(() => codec.decode(ids)), joined];
  }
}
