// What the small files of a model say of texts: how they are encoded, where one ends, and how a conversation becomes
// one. The tokenizer itself is read when it is asked for.
import { readChatTemplates, readEosTokenIds, withOlderFiles } from "./config.ts";
import { parseObject, readBytes, readJsonIfThere, type SmallFiles } from "./small_files.ts";
import { readTemplateFiles } from "./template_files.ts";
import { type OtherTokenizer, readOtherTokenizer } from "./tokenizer_files.ts";
import type { JsonObject, ModelFolder, ModelTokenizer } from "./types.ts";

type TextParts = Pick<ModelFolder, "generationConfig" | "tokenizer" | "tokenizerConfig" | "chatTemplates">;
type Parse = Parameters<ModelFolder["tokenizer"]>[0];

/** Reads them; `config` is the model's. Throws model_failed with the file and what is wrong with it, and where there is
 * neither tokenizer.json nor another tokenizer that can be read. */
export async function readTextParts(files: SmallFiles, config: JsonObject): Promise<TextParts> {
  const written = withOlderFiles(
    await readJsonIfThere(files, "tokenizer_config.json") ?? {},
    await readJsonIfThere(files, "special_tokens_map.json"),
    await readJsonIfThere(files, "added_tokens.json"),
  );
  const other = files.has("tokenizer.json")
    ? null
    : await readOtherTokenizer(files, { config, tokenizerConfig: written });
  const tokenizerConfig = other?.tokenizerConfig ?? written;
  const generationConfig = await readJsonIfThere(files, "generation_config.json");
  return {
    ...{ generationConfig, tokenizerConfig },
    chatTemplates: readChatTemplates(tokenizerConfig, await readTemplateFiles(files)),
    async tokenizer(parse) {
      const { bytes, json } =
        await (other === null ? readTokenizer(files, parse) : encodeTokenizer(other, parse));
      return { bytes, json, eosTokenIds: readEosTokenIds(config, generationConfig, tokenizerConfig, json) };
    },
  };
}

type Read = Pick<ModelTokenizer, "bytes" | "json">;

async function readTokenizer(files: SmallFiles, parse: Parse): Promise<Read> {
  const bytes = await readBytes(files, "tokenizer.json");
  const json = await parse?.(bytes) ?? parseObject(bytes, "tokenizer.json", files.id);
  return { bytes, json };
}

async function encodeTokenizer({ text, json }: OtherTokenizer, parse: Parse): Promise<Read> {
  const bytes = new TextEncoder().encode(text);
  return { bytes, json: await parse?.(bytes) ?? json };
}
