// The job behind POST /api/attribution: the context and the target, the task for the attribution worker, the answer.
import { round } from "../../basics/round.ts";
import type { Segment } from "../../attribution/segments/segment.ts";
import {
  type AttributionTask,
  type Completeness,
  type Findings,
  TRUSTED_ERROR,
} from "../../attribution/explain/task.ts";
import type { AttributionAnswer, AttributionInput, AttributionResult } from "../../wire/attribution.ts";
import type { TextCodec } from "../../text/types.ts";
import type { Token } from "../../wire/token.ts";
import { identityOf } from "../inspect.ts";
import type { LanguageModel, Sliced } from "../types.ts";
import { waitFor } from "../waiting.ts";
import { followProgress } from "./follow_progress.ts";
import { segmentScores, segmentsOf } from "./segments.ts";
import { checkNamed, subjectOf } from "./subject.ts";
import { taskOf } from "./task.ts";

/** Explains a token, a span or a contrast. Throws faults: what subjectOf and taskOf throw, and what the method does. */
export async function* attributeTokens(
  input: AttributionInput,
  model: LanguageModel,
  signal: AbortSignal,
): Sliced<AttributionAnswer> {
  checkNamed(input, model);
  if (input.method === "off") return { ok: true, attributions: [], source_len: 0 };
  const begun = performance.now();
  const subject = yield* waitFor(subjectOf(input, model, signal));
  const task = taskOf(input.method, input, subject, model);
  if (input.estimate) {
    const estimate = await model.attribution.estimate(task);
    return { ok: true, attributions: [], source_len: 0, estimate };
  }
  const tokens = model.codec.tokensOf(subject.context.ids);
  const segments = yield* waitFor(segmentsOf(input, subject.context, tokens, model, signal));
  const { findings, cached } = yield* followProgress((progress) =>
    model.attribution.explain(task, { signal, progress })
  );
  return {
    ...answerOf(task, findings, { tokens, segments }, model),
    warnings: [...subject.context.warnings, ...findings.warnings],
    cached,
    timing_ms: round(performance.now() - begun, 2),
  };
}

interface Read {
  readonly tokens: readonly Token[];
  readonly segments: readonly Segment[];
}

function answerOf(
  task: AttributionTask,
  findings: Findings,
  { tokens, segments }: Read,
  model: LanguageModel,
): Omit<AttributionResult, "warnings" | "cached" | "timing_ms"> {
  const { target } = task;
  const { tokens: scored } = findings;
  const attributions = scored?.scores ?? [];
  return {
    ok: true,
    ...identityOf(model),
    attributions,
    source_len: attributions.length,
    context_len: tokens.length,
    target_id: target.ids[0]!,
    model_id: model.id,
    method: task.method,
    tokens,
    target: model.codec.single(target.ids[0]!),
    contrast: target.rival === null ? null : model.codec.single(target.rival),
    span_attributions: scored?.span ?? [],
    signed: scored?.signed ?? true,
    quantity: task.method.startsWith("attention") ? null : target.quantity,
    value: scored?.value ?? null,
    segments: scored === null ? [] : segmentScores(segments, tokens, attributions),
    ...describeParts(findings, model.codec),
    ...completenessOf(scored?.completeness ?? null),
  };
}

/** What concerns parts, layers and trust. */
function describeParts(findings: Findings, { single }: TextCodec) {
  const { split, removal, lens, normalized, scale, heads, faithfulness, comparison } = findings;
  const shown = <T extends { readonly id: number }>(one: T) => ({ ...one, ...single(one.id) });
  return {
    ...{ normalized, scale, heads, faithfulness, comparison },
    parts: split?.parts ?? null,
    constant: split?.constant ?? null,
    total: split?.total ?? null,
    unexplained: split?.unexplained ?? null,
    removal: removal === null ? null : { removed: removal.removed, tokens: removal.tokens.map(shown) },
    lens: lens?.map((layer) => ({ ...layer, top: layer.top.map(shown), tokens: layer.tokens.map(shown) })) ??
      null,
  };
}

function completenessOf(completeness: Completeness | null) {
  const error = completeness?.error ?? null;
  return {
    completeness_delta: completeness?.delta ?? null,
    completeness_error: error,
    trusted: completeness === null ? null : error !== null && error <= TRUSTED_ERROR,
    evaluations: completeness?.evaluations ?? null,
  };
}
