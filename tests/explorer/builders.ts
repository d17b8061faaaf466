// Nodes, trees and distributions for tests of the session model.
import type { Token } from "../../lib/wire/token.ts";
import type { DistResult, DistToken } from "../../lib/wire/distribution.ts";
import { createRoot, createStep } from "../../lib/explorer/session/tree.ts";
import type { RootNode, StepNode, StepRecord, TreeNode } from "../../lib/explorer/session/types.ts";
import { NEUTRAL_PARAMS } from "../../lib/sampling/params.ts";

export function token(id: number, text = `<${id}>`): Token {
  return { id, text, display: text, special: false, bytes: [...new TextEncoder().encode(text)], offset: 0 };
}

export function distToken(id: number, p: number, more: Partial<DistToken> = {}): DistToken {
  return {
    ...token(id),
    p_base: p,
    p_final: p,
    p_raw: p,
    kept: p > 0,
    valid: true,
    rank: 0,
    logit: 0,
    removed_by: null,
    stages: [],
    restore: null,
    ...more,
  };
}

/** A distribution of these probabilities over the ids 0, 1, 2, …. */
export function dist(...probs: number[]): DistResult {
  const rest = Math.max(0, 1 - probs.reduce((sum, p) => sum + p, 0));
  return {
    top_k: probs.length,
    tokens: probs.map((p, id) => distToken(id, p, { rank: id })),
    kept_top: [],
    other_p_base: rest,
    other_p_final: rest,
    other_p_raw: rest,
    kept_token_count: 300,
    constraint_active: false,
    constraint_type: null,
    entropy_bits: 1,
    entropy_final_bits: 1,
    effective_choices: 2,
    mass_90_count: 1,
    eos_p: 0,
    stages: [],
    masked_mass: 0,
  };
}

export function record(id: number, more: Partial<StepRecord> = {}): StepRecord {
  return {
    token: token(id),
    origin: "chosen",
    p: 0.5,
    pRaw: 0.25,
    rank: 0,
    entropyBits: 1,
    draw: null,
    dist: null,
    params: NEUTRAL_PARAMS,
    modelKey: null,
    mu: null,
    end: false,
    confirmed: true,
    ...more,
  };
}

/** A prompt of these ids that has been read. */
export function readRoot(id: number, ...ids: number[]): RootNode {
  const root = createRoot(id, { kind: "text", text: ids.map((each) => `<${each}>`).join("") });
  const tokens = ids.map((each) => token(each));
  return { ...root, read: { modelId: "fake", tokenizerKey: null, tokens, templateText: null, warnings: [] } };
}

/** A path of tokens behind `parent`, with node ids from 1000 on. */
export function path(parent: TreeNode, ...ids: number[]): TreeNode {
  return ids.reduce<TreeNode>((node, id, at) => createStep(1000 + at, node, record(id)), parent);
}

export function step(parent: TreeNode, id: number, more: Partial<StepRecord> = {}): StepNode {
  return createStep(2000 + id, parent, record(id, more));
}
