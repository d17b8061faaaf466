// A list of prompts, each asked once: what comes next, how sure the model is, how likely the prompt itself was.
import type { PreviewResult } from "../../wire/preview.ts";
import type { Settings } from "../session/types.ts";
import type { Api } from "../asking/api.ts";
import { contextOfPrompt } from "../asking/request.ts";
import { csvText, escapeFormula } from "../words/csv.ts";
import { orderTokens } from "../views/dist_rows.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { formatPercent } from "../words/format.ts";
import { type Totals, totalsOf } from "./totals.ts";

/** Prompts of one list at most. */
const MOST_PROMPTS = 1000;
const LISTED = 3;

export interface BatchRow {
  readonly prompt: string;
  /** Why there is no answer; "" = there is. */
  readonly problem: string;
  readonly first: TokenRendering | null;
  /** The most probable next tokens. */
  readonly next: readonly { readonly text: string; readonly p: number }[];
  readonly entropyBits: number | null;
  readonly tokens: number;
  /** Of the prompt. */
  readonly totals: Totals | null;
}

/** The prompts of a list: a line each, empty ones left out; \\n stands for a line break. */
export function promptsOf(list: string): string[] {
  return list.split("\n").filter((line) => line.trim() !== "").slice(0, MOST_PROMPTS)
    .map((line) => line.replaceAll("\\n", "\n"));
}

/** Asks for one prompt. Rejects as the API does. */
export async function askBatchRow(
  api: Api,
  prompt: string,
  { settings, modelKey }: { readonly settings: Settings; readonly modelKey: string | null },
  signal: AbortSignal,
): Promise<BatchRow> {
  const { params, constraint, topK } = settings;
  const include = ["prompt_scores"] as const;
  const context = contextOfPrompt({ kind: "text", text: prompt });
  const asked = {
    ...context,
    params,
    constraint,
    include,
    top_k: Math.max(LISTED, topK),
    model_key: modelKey,
  };
  return rowOf(prompt, await api.peek(asked, signal, "ahead"));
}

function rowOf(prompt: string, { dist, prompt_tokens }: PreviewResult): BatchRow {
  const { kept } = orderTokens(dist);
  return {
    ...{ prompt, problem: "", first: kept[0] === undefined ? null : renderToken(kept[0]) },
    next: kept.slice(0, LISTED).map(({ text, p_final }) => ({ text, p: p_final })),
    ...{
      entropyBits: dist.entropy_final_bits,
      tokens: prompt_tokens.length,
      totals: totalsOf(prompt_tokens),
    },
  };
}

/** A prompt that was refused. */
export function describeRefused(prompt: string, problem: string): BatchRow {
  return { prompt, problem, first: null, next: [], entropyBits: null, tokens: 0, totals: null };
}

/** The rows of a batch as CSV. */
export function batchCsv(rows: readonly BatchRow[]): string {
  const nexts = Array.from({ length: LISTED }, (_, at) => [`next_${at + 1}`, `p_${at + 1}`]).flat();
  const head = ["prompt", "tokens", "logprob", "perplexity", "entropy_bits", ...nexts, "problem"];
  return csvText(
    head,
    rows.map(({ prompt, tokens, totals, entropyBits, next, problem }) => [
      ...[escapeFormula(prompt), tokens, totals?.logprob ?? null, totals?.perplexity ?? null, entropyBits],
      ...Array.from({ length: LISTED }, (_, at) => next[at]).flatMap((each) =>
        each === undefined ? [null, null] : [escapeFormula(each.text), each.p]
      ),
      problem,
    ]),
  );
}

/** "95.5 %", of the most probable token, for a table. */
export function formatFirstShare({ next: [first] }: BatchRow): string {
  return first === undefined ? "" : `${formatPercent(first.p)} %`;
}
