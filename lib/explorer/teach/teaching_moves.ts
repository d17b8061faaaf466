// Moves behind the examples, the hints' fixes and shared links: each begins a text of its own, the old path stays.
import { type ReadyModel, readyModel } from "../session/model.ts";
import type { Token } from "../../wire/token.ts";
import { currentTip } from "../session/branches.ts";
import type { LibraryPrompt } from "./library.ts";
import { countOpenBytes, type Fix, type Hint, hintsOf } from "./hints.ts";
import { pathTokensOf } from "../session/path_text.ts";
import { fitIds } from "../settings/named_ids.ts";
import { begin, draftOf, editText, isDirty, start } from "../moves/prompt_moves.ts";
import { writeUsually } from "../moves/usual_tokens.ts";
import { isForeign } from "../session/question.ts";
import type { Shared } from "../share/link.ts";
import { createUnreadRecord } from "../session/step_record.ts";
import { createRoot, createStep, rootOf } from "../session/tree.ts";
import type { KeptCompletion, PromptSource, Session, StepNode } from "../session/types.ts";

/** Puts a prompt into the box and begins a text with it. Without a model it waits in the box. */
function beginPrompt(session: Session, source: PromptSource): Session {
  return start({ ...session, draft: draftOf(source, session.draft) });
}

/** Begins an example; where it comes with a JSON schema, the text is held to it from now on. */
export function beginExample(session: Session, { source, schema }: LibraryPrompt): Session {
  if (schema === null) return beginPrompt(session, source);
  const constraint = { ...session.settings.constraint, enabled: true, type: "json_schema" as const, schema };
  return beginPrompt({ ...session, settings: { ...session.settings, constraint } }, source);
}

/** The draft of another mode with the text as the user's message. */
function asChat({ draft }: Session): PromptSource {
  const system = draft.chat.messages.filter(({ role }) => role === "system");
  return { kind: "chat", messages: [...system, { role: "user", content: draft.text.trim() }], open: true };
}

/** What one click on a hint does; completing a character goes on token by token (`hints_store.ts`). `usual`: what the
 * tokenizer makes of the text of `findCheckable`; null: it was not asked. */
export function applyFix(session: Session, fix: Fix, usual: readonly Token[] | null = null): Session {
  if (fix.kind === "text") {
    const started = !isDirty(session);
    const edited = editText(session, fix.text);
    return started ? start(edited) : edited;
  }
  if (fix.kind === "mode") {
    if (fix.mode === "chat") return beginPrompt(session, asChat(session));
    const text = session.draft.chat.messages.findLast(({ role }) => role === "user")?.content ?? "";
    return beginPrompt(session, { kind: "text", text: text || session.draft.text });
  }
  const found = fix.kind === "retokenize" ? findCheckable(session) : null;
  return found === null || usual === null ? session : writeUsually(session, usual, found.lead);
}

/** The tokens whose writing can be checked: a text without template and without special tokens inside. Null: there
 * is nothing to check. `lead`: special tokens that stand before it. */
export function findCheckable(session: Session): { readonly text: string; readonly lead: number } | null {
  const tip = currentTip(session.tree);
  if (tip === null || isForeign(session)) return null;
  const { read, source } = rootOf(tip);
  if (read === null || source.kind === "chat") return null;
  const tokens = pathTokensOf(tip);
  const lead = Math.max(0, tokens.findIndex(({ special }) => !special));
  const rest = tokens.slice(lead);
  if (rest.some(({ special }) => special) || countOpenBytes(rest).open > 0) return null;
  return { text: rest.map(({ text }) => text).join(""), lead };
}

/** Every hint that holds now. `usual`: what the tokenizer makes of the text of `findCheckable`; null: not asked. */
export function hintsOfSession(session: Session, usual: readonly Token[] | null): Hint[] {
  const { draft, model, tree, inspected } = session;
  const tip = inspected === null && !isForeign(session) ? currentTip(tree) : null;
  const { lead = 0 } = findCheckable(session) ?? {};
  const tokens = tip === null || rootOf(tip).read === null ? null : pathTokensOf(tip).slice(lead);
  return hintsOf({
    mode: draft.mode,
    prompt: draft.text,
    tokens,
    usualIds: usual?.map(({ id }) => id) ?? null,
    model: model.state === "ready" ? model : null,
  });
}

/** The text of the end of the path is not whole characters. */
export function hasOpenCharacter({ tree }: Session): boolean {
  const tip = currentTip(tree);
  return tip !== null && rootOf(tip).read !== null && countOpenBytes(pathTokensOf(tip)).open > 0;
}

/** Begins the text of a link, with its settings: token for token where the model is the same, else by its text. */
export function openShared(session: Session, { source, completion, settings }: Shared): Session {
  const draft = draftOf(source, session.draft);
  const { aside = [] } = session.settings;
  const fitting = fitIds({ ...settings, aside }, readyModel(session));
  const next = { ...session, draft, settings: fitting };
  if (session.model.state !== "ready" || !session.enabled) return next;
  return begin(next, source, readCompletion(next, completion), "start");
}

function readCompletion(session: Session, completion: Shared["completion"]): KeptCompletion {
  const { settings } = session;
  if (completion === null || completion.ids.length === 0) return null;
  if (!meansTheSame(completion, readyModel(session))) {
    return completion.text === "" ? null : { text: completion.text };
  }
  const steps: StepNode[] = [];
  for (const id of completion.ids) {
    steps.push(
      createStep(
        0,
        steps.at(-1) ?? createRoot(0, { kind: "text", text: "" }),
        createUnreadRecord(createUnknownToken(id), "forced", settings.params),
      ),
    );
  }
  return { steps };
}

/** The ids of a link are the model's own. */
function meansTheSame(
  { modelId, tokenizerKey }: NonNullable<Shared["completion"]>,
  model: ReadyModel | null,
): boolean {
  return tokenizerKey === null ? modelId === model?.id : tokenizerKey === model?.tokenizerKey;
}

/** A token of which only the id is known. */
function createUnknownToken(id: number): Token {
  return { id, text: "", display: "", special: false, bytes: [], offset: 0 };
}
