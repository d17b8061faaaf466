// A folder's small files with what Transformers makes of texts there, as fuzz_folders.py writes it, held against the
// codec.
import { withOlderFiles } from "../../lib/hub/folder/config.ts";
import type { JsonObject } from "../../lib/hub/folder/types.ts";
import { convertTokenizer } from "../../lib/text/converted/convert.ts";
import { renderChatTemplate } from "../../lib/sandbox/jinja/render.ts";
import { createTextCodec } from "../../lib/text/codec.ts";
import { readNamedTokens } from "../../lib/text/tokenizer_config.ts";

export interface FolderLine {
  readonly name: string;
  readonly files: Readonly<Record<string, JsonObject | string>>;
  readonly texts: readonly [text: string, ids: number[], bare: number[], decoded: string][];
  readonly template: string;
  readonly rendered: string;
}

/** The lines of a packed fixture. */
export async function readFolderLines(fixture: string): Promise<FolderLine[]> {
  const file = await Deno.open(new URL(`../fixtures/${fixture}.jsonl.gz`, import.meta.url));
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** tokenizer.json and the config, or what other files come to. */
function readFiles(files: FolderLine["files"]): { readonly json: unknown; readonly config: JsonObject } {
  const of = (name: string) => files[name] as JsonObject | undefined;
  const tokenizerConfig = withOlderFiles(
    of("tokenizer_config.json") ?? {},
    of("special_tokens_map.json") ?? null,
    of("added_tokens.json") ?? null,
  );
  if ("tokenizer.json" in files) return { json: files["tokenizer.json"], config: tokenizerConfig };
  const others = Object.entries(files).filter(([name]) => !NO_TOKENIZER.test(name)).map(([name, content]) =>
    [
      name,
      typeof content === "string"
        ? Uint8Array.fromBase64(content)
        : new TextEncoder().encode(JSON.stringify(content)),
    ] as const
  );
  return convertTokenizer(Object.fromEntries(others), { config: of("config.json") ?? {}, tokenizerConfig });
}

const NO_TOKENIZER = /^((tokenizer_)?config|special_tokens_map|added_tokens)\.json$/;

/** What is compared: the name, of what, the reference's, ours. */
export function* comparisonsOf(line: FolderLine): Generator<[what: string, theirs: unknown, ours: unknown]> {
  const { files, texts, template, rendered } = line;
  const { json, config } = readFiles(files);
  const codec = createTextCodec(json, config);
  for (const [text, ids, bare, decoded] of texts) {
    yield [`ids of ${text}`, ids, codec.encode(text)];
    yield [`ids without specials of ${text}`, bare, codec.encode(text, { postProcess: false })];
    yield [`text of ${ids}`, decoded, codec.decode(ids)];
    const joined = codec.tokensOf(ids).map((token) => token.text).join("");
    yield [`joined texts of ${ids}`, decoded, joined];
  }
  const variables = { messages: [], ...readNamedTokens(config) };
  yield ["rendered", rendered, renderChatTemplate({ template, variables }, 5000)];
}
