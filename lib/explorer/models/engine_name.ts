// The name of a model that another engine serves, from what a form asks for: "llamacpp+http://host:8080#owner/name".

export type EngineKind = "llamacpp" | "openai";

export const ENGINE_KINDS: readonly { readonly value: EngineKind; readonly label: string }[] = [
  { value: "llamacpp", label: "llama.cpp's server" },
  { value: "openai", label: "vLLM, SGLang or another with /v1/completions" },
];

export interface EngineDraft {
  readonly kind: EngineKind;
  readonly url: string;
  /** A hub id or local model, whose tokenizer reads as the engine does; "": the engine's own name for its model. */
  readonly tokenizer: string;
}

/** The name, or what is to be changed; both "" while there is no address. */
export function composeEngineName(
  { kind, url, tokenizer }: EngineDraft,
): { readonly name: string; readonly hint: string } {
  const address = url.trim();
  const refused = (hint: string) => ({ name: "", hint });
  if (address === "") return refused("");
  if (!/^https?:\/\//i.test(address)) return refused("The address begins with http:// or https://.");
  if (!URL.canParse(address)) return refused("This is no address. It looks like http://192.168.1.5:8080.");
  const { username, search, hash } = new URL(address);
  if (username !== "") return refused("A key has no place here. Start the server with NEXTTOKEN_REMOTE_KEY.");
  if (search !== "" || hash !== "") return refused("The address ends before ? and #.");
  const model = tokenizer.trim();
  return { name: `${kind}+${address}${model === "" ? "" : `#${encodeURI(model)}`}`, hint: "" };
}
