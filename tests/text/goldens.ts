// tests/fixtures/tokenizers.json.gz, as make_golden.py writes it.

/** Ids, the decoded text (true: the text itself; null: the reference panics), and the ids without special tokens where
 * they differ. */
type Case = [ids: number[], decoded: string | true | null, bare?: number[]];

interface Goldens {
  readonly texts: readonly string[];
  readonly models: readonly unknown[];
  readonly maps: readonly string[];
  readonly tokenizers: readonly {
    readonly name: string;
    readonly tokenizer: { model: unknown; normalizer?: { precompiled_charsmap?: unknown } };
    /** One for each text, null where the reference panics. */
    readonly cases: readonly (Case | null)[];
    readonly paths: readonly (readonly [ids: number[], decoded: string | null])[];
  }[];
}

/** Reads the file and puts models and charsmaps, which it holds once each, where they belong. */
export async function readGoldens(): Promise<Goldens> {
  const file = await Deno.open(new URL("../fixtures/tokenizers.json.gz", import.meta.url));
  const goldens: Goldens = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .json();
  for (const { tokenizer } of goldens.tokenizers) {
    tokenizer.model = goldens.models[tokenizer.model as number];
    const { normalizer } = tokenizer;
    if (typeof normalizer?.precompiled_charsmap === "number") {
      normalizer.precompiled_charsmap = goldens.maps[normalizer.precompiled_charsmap];
    }
  }
  return goldens;
}
