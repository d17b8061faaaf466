// A folder's small files with what Transformers makes of texts there, as fuzz_folders.py writes it, held against the
// codec.
import { withOlderFiles } from "../../lib/hub/folder/config.ts";
import type { JsonObject } from "../../lib/hub/folder/types.ts";
import { renderChatTemplate } from "../../lib/sandbox/jinja/render.ts";
import { createTextCodec } from "../../lib/text/codec.ts";
import { readNamedTokens } from "../../lib/text/tokenizer_config.ts";

export interface FolderLine {
  readonly name: string;
  readonly files: Readonly<Record<string, JsonObject>>;
  readonly texts: readonly [text: string, ids: number[], bare: number[], decoded: string][];
  readonly template: string;
  readonly rendered: string;
}

/** What is compared: the name, of what, the reference's, ours. */
export function* comparisonsOf(line: FolderLine): Generator<[what: string, theirs: unknown, ours: unknown]> {
  const { files, texts, template, rendered } = line;
  const config = withOlderFiles(
    files["tokenizer_config.json"] ?? {},
    files["special_tokens_map.json"] ?? null,
    files["added_tokens.json"] ?? null,
  );
  const codec = createTextCodec(files["tokenizer.json"], config);
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
