// The token that is inspected. Before a token of the prompt stands the beginning of that prompt, as a prompt of its
// own.
import { currentTip } from "./branches.ts";
import { joinCharacters } from "./path_text.ts";
import { rootOf } from "./tree.ts";
import type { NodeId, PromptRead, RootNode, Session } from "./types.ts";

/** The place in the text, prompt included, of the token that is inspected; null: none is. */
export function inspectedPlaceOf({ tree, inspected }: Session): number | null {
  if (typeof inspected !== "number") return inspected?.read?.tokens.length ?? null;
  const tip = currentTip(tree);
  return tip === null ? null : (rootOf(tip).read?.tokens.length ?? 0) + inspected;
}

/** Looks at the token at a place of the text, prompt included; behind its last one at the end. */
export function inspect(session: Session, at: number): Session {
  const tip = currentTip(session.tree);
  const read = tip === null ? null : rootOf(tip).read;
  if (tip === null || read === null || at < 1) return session; // nothing comes before the first
  const step = at - read.tokens.length;
  if (step >= 0) return { ...session, inspected: step < tip.depth ? step : null };
  const inspected = cutPrompt(session.nextId, { ...rootOf(tip), read }, at);
  return { ...session, nextId: session.nextId + 1, inspected };
}

/** A prompt that was read. */
type Prompt = Pick<RootNode, "source"> & { readonly read: PromptRead };

/** The first `count` tokens of a prompt, exactly as they are. */
function cutPrompt(id: NodeId, { source, read }: Prompt, count: number): RootNode {
  const tokens = read.tokens.slice(0, count);
  const said = joinCharacters(tokens.slice(countAdded({ source, read })));
  return {
    kind: "root",
    id,
    parent: null,
    depth: 0,
    source: {
      kind: "tokens",
      ids: tokens.map((token) => token.id),
      tokenizerKey: read.tokenizerKey,
      text: said.map(({ text }) => text).join(""),
    },
    read: { ...read, tokens, templateText: null, warnings: [] },
  };
}

/** Special tokens at the beginning that the tokenizer put before what was written; a template writes its own. */
function countAdded({ source, read: { tokens } }: Prompt): number {
  if (source.kind === "chat") return 0;
  const own = tokens.findIndex(({ special, text }) => !special || source.text.startsWith(text));
  return own < 0 ? tokens.length : own;
}
