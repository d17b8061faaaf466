// A model that another engine serves, as the worker sees it: the engine's distributions, and a tokenizer of our own,
// because ids must be text at once and exactly. Both are held against each other before anything is answered.
import { shortHash } from "../../basics/sha256.ts";
import type { Turns } from "../../basics/turns.ts";
import { fault } from "../../fault.ts";
import { hubSettingsOf } from "../../hub/fetch/settings.ts";
import { parseRemoteName, type RemoteName } from "../../hub/remote_name.ts";
import { findTokenizer, type TokenizerFolder } from "../../hub/tokenizer.ts";
import type { FromWorker, LoadSpec } from "../../protocol/messages.ts";
import type { ModelInfo } from "../../protocol/model_info.ts";
import { createTextCodec } from "../../text/codec.ts";
import type { TextCodec } from "../../text/types.ts";
import type { OpenModel } from "../opening/assemble.ts";
import { createLanguage, createSandboxes } from "../opening/language.ts";
import { openEngine } from "./engine.ts";
import { createRefusingAttribution } from "./no_attribution.ts";
import { RemoteLogits } from "./remote_logits.ts";
import type { RemoteEngine } from "./types.ts";

/** Letters of several scripts, digits, white space and an emoji: tokenizers that read it alike are one. */
const KNOWN_TEXT = "The quick brown fox, 1234.5 — größer; 你好\n\tEnd 🙂";

/** Opens it. Throws faults: what the engine and the tokenizer's files say, and model_failed where they do not go
 * together. */
export async function openRemote(
  name: RemoteName,
  spec: LoadSpec,
  post: (message: FromWorker) => void,
  signal: AbortSignal,
  turns: Turns,
): Promise<OpenModel> {
  const tokenizers = new Map<string, Promise<Tokenizer>>();
  const tokenizer = (model: string) => {
    const found = tokenizers.get(model) ?? openTokenizer(model, spec, post, signal);
    tokenizers.set(model, found);
    return found;
  };
  const engine = await openEngine(name, chooseKey(name, spec), {
    signal,
    tokenizer: async (model) => (await tokenizer(model)).codec,
  });
  const { folder, codec } = await tokenizer(name.model ?? engine.model);
  const notice = await checkAgreement(engine, codec, signal);
  const source = new RemoteLogits(engine);
  const sandboxes = createSandboxes();
  const attribution = createRefusingAttribution(name.url);
  const info = await infoOf(name, engine, { folder, codec }, [notice, explainListed(engine)]);
  return {
    info,
    atOnce: 1,
    language: createLanguage(info, folder, codec, { logits: source, attribution, turns }, sandboxes),
    speculation: { pause: () => Promise.resolve(), resume: () => {} },
    get counters() {
      return source.counters;
    },
    close() {
      for (const sandbox of Object.values(sandboxes)) sandbox.close();
      source.clear();
      return Promise.resolve();
    },
  };
}

interface Tokenizer {
  readonly folder: TokenizerFolder;
  readonly codec: TextCodec;
}

async function openTokenizer(
  model: string,
  spec: LoadSpec,
  post: (message: FromWorker) => void,
  signal: AbortSignal,
): Promise<Tokenizer> {
  const folder = await findTokenizer(model, {
    ...{ roots: spec.roots, hub: hubSettingsOf(spec.hub), signal },
    onProgress: (progress) => post({ type: "loading", progress }),
  });
  return { folder, codec: createTextCodec(folder.json, folder.tokenizerConfig) };
}

function explainListed({ listed, vocabSize }: RemoteEngine): string | null {
  if (listed === null) return null;
  return `The engine lists ${listed} of ${vocabSize} tokens: those are exact, of the others only their sum is known. ` +
    "Constraints and whole-choice scores are off. vLLM lists all with --max-logprobs -1.";
}

/** The key is for the engine that NEXTTOKEN_MODEL names, and for no other. */
function chooseKey({ url }: RemoteName, { remoteKey }: LoadSpec): string | null {
  if (remoteKey === undefined || remoteKey === null) return null;
  return parseRemoteName(remoteKey.model)?.url === url ? remoteKey.key : null;
}

/** A sentence where the engine does not say how it reads a text. Throws model_failed where it reads one otherwise. */
async function checkAgreement(
  engine: RemoteEngine,
  codec: TextCodec,
  signal: AbortSignal,
): Promise<string | null> {
  if (codec.size > engine.vocabSize) {
    const sentence = `The tokenizer has ${codec.size} tokens, and the engine's model ${engine.vocabSize}: ` +
      'they do not belong together. Name the model\'s own behind "#".';
    throw fault("model_failed", sentence);
  }
  const theirs = await engine.tokenize(KNOWN_TEXT, signal);
  if (theirs === null) {
    return "The engine does not say how it reads a text, so the tokenizer could not be checked.";
  }
  const ours = codec.encode(KNOWN_TEXT, { postProcess: false });
  if (ours.length === theirs.length && ours.every((id, at) => id === theirs[at])) return null;
  const sentence =
    "The tokenizer reads a known text otherwise than the engine does: they do not belong together. " +
    'Name the model\'s own behind "#".';
  throw fault("model_failed", sentence);
}

async function infoOf(
  { kind, url }: RemoteName,
  { model, vocabSize, contextLength, listed }: RemoteEngine,
  { folder, codec }: { readonly folder: TokenizerFolder; readonly codec: TextCodec },
  notices: readonly (string | null)[],
): Promise<ModelInfo> {
  const tokenizerKey = await shortHash([folder.bytes, ...codec.unlisted]);
  return {
    id: model,
    modelKey: await shortHash([
      kind,
      url,
      model,
      String(vocabSize),
      tokenizerKey,
      JSON.stringify(folder.chatTemplates),
    ]),
    tokenizerKey,
    backend: { kind, url, device: "remote", arithmetic: "remote", variant: kind, runtime: "remote", listed },
    ...{ vocabSize, contextLength, warning: notices.filter((notice) => notice !== null).join(" ") || null },
    eosTokenIds: folder.eosTokenIds,
    hasChatTemplate: Object.keys(folder.chatTemplates).length > 0,
    chatTemplates: Object.keys(folder.chatTemplates),
    hasBos: codec.encode("").length > 0,
  };
}
