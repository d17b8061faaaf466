// What takes the place of the bars where there are none: no text, no model, no answer, no server.
import { type Load, type LoadProgress, modelIdOf } from "../session/model.ts";
import { failureIn } from "../session/activity.ts";
import { currentTip } from "../session/branches.ts";
import { formatBytes } from "../words/format.ts";
import { draftSource } from "../moves/prompt_moves.ts";
import { isForeign } from "../session/question.ts";
import { rootOf } from "../session/tree.ts";
import type { Failure, Session } from "../session/types.ts";

export interface LoadingStep {
  readonly label: string;
  readonly state: "done" | "now" | "next";
}

export type PlaceholderAction =
  | "retry"
  | "edit"
  | "copy"
  | "enable"
  | "reread"
  | "reload"
  | "models"
  | "unconstrain";

export type PlaceholderView =
  | { readonly kind: "waiting" }
  | { readonly kind: "empty" | "off" | "foreign"; readonly title: string; readonly text: string }
  | {
    readonly kind: "loading";
    readonly title: string;
    readonly text: string;
    /** 0..1; null where it is not known. */
    readonly progress: number | null;
    readonly amount: string;
    readonly steps: readonly LoadingStep[];
  }
  | {
    readonly kind: "failed";
    readonly title: string;
    readonly text: string;
    readonly reason: string;
    readonly advice: readonly string[];
    readonly actions: readonly PlaceholderAction[];
  };

type Failed = Extract<PlaceholderView, { kind: "failed" }>;

/** "SmolLM2-135M-Instruct" of "owner/SmolLM2-135M-Instruct" or of a folder. */
export function modelNameOf(id: string): string {
  return id.split(/[\\/]/).filter((part) => part !== "").at(-1) ?? id;
}

/** What a session has in the place of bars, in the order of what must be known first; null = the bars can be shown. */
export function placeholderView(session: Session): PlaceholderView | null {
  const { model, load, connected, tree } = session;
  const failure = failureIn(session);
  if (!connected) return describeLost(failure?.detail ?? "GET /api/model/events");
  if (model.state === "failed") return describeBroken(model.reason);
  if (model.state !== "ready") return loadingView(modelIdOf(session), progressOf(load));
  if (!session.enabled) return offView();
  if (failure !== null) return describeUnanswered(failure);
  if (isForeign(session)) return foreignView(session);
  const unasked = session.asked === 0 && draftSource(session.draft) !== null;
  if (currentTip(tree) === null && !unasked) return emptyView();
  return session.answer === null ? { kind: "waiting" } : null;
}

function offView(): PlaceholderView {
  const text = "Nothing is asked and nothing is shown. The text stays as it is.";
  return { kind: "off", title: "The model is off", text };
}

/** Ids of one model mean nothing to another: the text has to be read again. */
function foreignView({ tree, model }: Session): PlaceholderView {
  const other = modelNameOf(rootOf(currentTip(tree)!).read!.modelId);
  const present = modelNameOf(modelIdOf({ model }) ?? "");
  const text = `Its tokens mean nothing to ${present}, which can read the same text as its own.`;
  return { kind: "foreign", title: `This text was written with ${other}`, text };
}

function emptyView(): PlaceholderView {
  const text = "The bars will show every token the model could write next, and how likely each one is.";
  return { kind: "empty", title: "Write something, then Start", text };
}

function describeLost(detail: string): Failed {
  return {
    kind: "failed",
    title: "The server does not answer",
    text: "It was stopped, or the connection is gone. The page tries again every second. Your text is safe.",
    reason: detail,
    advice: [],
    actions: [],
  };
}

function describeBroken(reason: string): Failed {
  return {
    kind: "failed",
    title: "The model could not be loaded",
    text: "Nothing can be computed without it. The page goes on by itself when a model is there.",
    reason,
    advice: [
      "Read the reason above and fix what it names.",
      "Or choose another model: bundled, from the hub, or a local folder.",
      "NEXTTOKEN_MODEL names the one that the server starts with.",
    ],
    actions: ["models", "reload", "copy"],
  };
}

function describeUnanswered({ kind, message, detail, field, again }: Failure): Failed {
  // A text that leaves the constraint is refused by its place in completion_ids.
  const constrained = /^(constraint|completion_ids)/.test(field ?? "") ? ["unconstrain" as const] : [];
  return {
    kind: "failed",
    title: kind === "changed" ? "Another model is in use now" : "No answer for this text",
    text: `${message} Your text is safe.${again === undefined ? "" : " The page goes on by itself."}`,
    reason: detail,
    advice: [],
    actions: kind === "refused" ? [...constrained, "edit", "copy"] : ["retry", "copy"],
  };
}

function progressOf(load: Load | null): LoadProgress | null {
  return load?.state === "running" ? load.progress : null;
}

function stepsOf(progress: LoadProgress | null): LoadingStep[] {
  const file = progress?.file ?? "the files";
  const steps = [
    { phase: "resolving", label: "Read config and tokenizer" },
    { phase: "downloading", label: `Download ${file}` },
    { phase: "verifying", label: `Check ${file}` },
    { phase: "opening", label: "Open the ONNX session" },
  ];
  const now = steps.findIndex((step) => step.phase === (progress?.phase ?? "resolving"));
  // A model that is on the disk has nothing to download: those steps show only while they run.
  return steps
    .map(({ label }, at): LoadingStep => ({ label, state: at < now ? "done" : at === now ? "now" : "next" }))
    .filter((_, at) => at === 0 || at === steps.length - 1 || at === now);
}

function amountOf(progress: LoadProgress | null): string {
  if (progress === null || progress.total === 0) return "";
  const { received, total, bytes_per_second: speed } = progress;
  const amount = `${formatBytes(received)} of ${formatBytes(total)}`;
  if (speed <= 0) return amount;
  return `${amount} · ${formatBytes(speed)}/s · ${Math.ceil((total - received) / speed)} s left`;
}

function loadingView(id: string | null, progress: LoadProgress | null): PlaceholderView {
  const download = progress?.phase === "downloading";
  const text = download
    ? "First time only. Next time it starts from the cache. You can write the prompt now."
    : "You can write the prompt now. The bars appear as soon as the model is ready.";
  return {
    kind: "loading",
    title: id === null ? "Waiting for a model" : `Loading ${modelNameOf(id)}`,
    text,
    progress: progress !== null && progress.total > 0 ? progress.received / progress.total : null,
    amount: amountOf(progress),
    steps: stepsOf(progress),
  };
}
