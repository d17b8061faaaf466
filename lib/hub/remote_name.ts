// The names of models that another engine serves: `llamacpp+http://host:port#tokenizer`, `openai+https://host#model`.
import { fault } from "../fault.ts";

const REMOTE_KINDS = ["llamacpp", "openai"] as const;
/** "llamacpp": llama.cpp's server; "openai": vLLM, SGLang and what else has their /v1/completions. */
export type RemoteKind = typeof REMOTE_KINDS[number];

/** Where a model is served. */
export interface RemoteName {
  readonly kind: RemoteKind;
  /** Without a slash at its end. */
  readonly url: string;
  /** What stands behind "#": the model as that engine calls it, and where its tokenizer is; null: not named. */
  readonly model: string | null;
}

/** Takes such a name apart; null for every other name. Throws invalid_request where one is malformed. */
export function parseRemoteName(name: string): RemoteName | null {
  const found = /^([a-z]+)\+(https?:\/\/.*)$/i.exec(name);
  if (found === null) return null;
  const kind = REMOTE_KINDS.find((one) => one === found[1]!.toLowerCase());
  if (kind === undefined) {
    throw refusalError(
      `An engine is one of ${REMOTE_KINDS.join(", ")}, but ${JSON.stringify(found[1])} is named.`,
    );
  }
  if (!URL.canParse(found[2]!)) throw refusalError("The address of the engine is no URL.");
  const { origin, pathname, search, hash, username, password } = new URL(found[2]!);
  if (username !== "" || password !== "") {
    throw refusalError("A key has no place in the address of an engine. Set NEXTTOKEN_REMOTE_KEY.");
  }
  if (search !== "") throw refusalError("The address of an engine has no query.");
  const model = decode(hash.slice(1));
  return { kind, url: `${origin}${pathname.replace(/\/(v1\/?)?$/, "")}`, model: model === "" ? null : model };
}

function decode(model: string): string {
  try {
    return decodeURIComponent(model);
  } catch {
    throw refusalError('Behind "#" a percent sign is written %25.');
  }
}

function refusalError(sentence: string): Error {
  return fault("invalid_request", sentence, "model_id");
}
