// An exploration made up for looking at the parts and for tests of exports: four paths that part at several steps.
import type { Token } from "../../lib/wire/token.ts";
import type { DistResult, DistToken } from "../../lib/wire/distribution.ts";
import { createRoot, createStep } from "../../lib/explorer/session/tree.ts";
import type { StepNode, Tree, TreeNode } from "../../lib/explorer/session/types.ts";
import { DEFAULT_PARAMS } from "../../lib/sampling/params.ts";

export const PARAMS = { ...DEFAULT_PARAMS, temperature: 0.7, top_p: 1, repetition_penalty: 1 };

const ids = new Map<string, number>();

/** A token of this text; "<|…|>" is special, "\uFFFD" two bytes of a character. */
function tokenOf(text: string): Token {
  const id = ids.get(text) ?? 300 + 7 * ids.size;
  ids.set(text, id);
  const display = text.replace(/^ +/, (spaces) => "␠".repeat(spaces.length)).replaceAll("\n", "⏎");
  const bytes = text === "\uFFFD" ? [0xe2, 0x80] : [...new TextEncoder().encode(text)];
  return { id, text, display, special: text.startsWith("<|"), bytes, offset: 0 };
}

/** A distribution of these texts, the last `removed` of which the settings have taken away. */
export function distOf(probabilities: Readonly<Record<string, number>>, removed = 0): DistResult {
  const entries = Object.entries(probabilities);
  const kept = entries.length - removed;
  const tokens = entries.map(([text, p], rank): DistToken => ({
    ...tokenOf(text),
    p_base: p,
    p_final: rank < kept ? p : 0,
    p_raw: p * 0.9,
    kept: rank < kept,
    valid: true,
    rank,
    logit: 12 - rank,
    removed_by: rank < kept ? null : "top_p",
    stages: [],
    restore: null,
  }));
  const other = Math.max(0, 1 - tokens.reduce((sum, { p_final }) => sum + p_final, 0));
  return {
    top_k: tokens.length,
    tokens,
    kept_top: [],
    other_p_base: other,
    other_p_final: other,
    other_p_raw: other,
    kept_token_count: 49_152,
    constraint_active: false,
    constraint_type: null,
    entropy_bits: 2.1,
    entropy_final_bits: 1.8,
    effective_choices: 2 ** 1.8,
    mass_90_count: 4,
    eos_p: 0.00002,
    stages: [],
    masked_mass: 0,
  };
}

export const FIRST = distOf({ " the": 0.651, " that": 0.189, " being": 0.043, " how": 0.026, "\n": 0.01 });
const AFTER_THE = distOf({
  " view": 0.279,
  " sound": 0.199,
  " fresh": 0.116,
  " ability": 0.075,
  "\uFFFD": 0.02,
}, 1);
const AFTER_SOUND = distOf({ " of": 0.989, ".": 0.004, "<|im_end|>": 0.001 });

function step(id: number, parent: TreeNode, text: string, dist: DistResult | null): StepNode {
  const token = tokenOf(text);
  const bar = dist?.tokens.find((each) => each.id === token.id);
  return createStep(id, parent, {
    token,
    origin: id % 2 === 0 ? "drawn" : "chosen",
    p: bar?.p_final ?? 0.4,
    pRaw: bar?.p_raw ?? 0.35,
    rank: bar?.rank ?? 1,
    entropyBits: dist?.entropy_final_bits ?? 2.2,
    draw: id % 2 === 0 ? { seed: 7, position: 9, u: 0.25 } : null,
    dist,
    params: PARAMS,
    modelKey: null,
    mu: null,
    end: text === "<|im_end|>",
    confirmed: true,
  });
}

function chain(from: TreeNode, first: number, texts: readonly string[]): TreeNode {
  return texts.reduce((node, text, at) => step(first + at, node, text, null), from);
}

/** Main, Quiet version, Branch C and, from inside the second, Branch D. */
export function sampleTree(): Tree {
  const prompt = ["The", " best", " thing", " about", " living", " by", " the", " sea", " is"];
  const unread = createRoot(1, { kind: "text", text: prompt.join("") });
  const read = {
    tokenizerKey: null,
    modelId: "owner/Small-135M-Instruct",
    tokens: prompt.map(tokenOf),
    templateText: null,
  };
  const root = { ...unread, read: { ...read, warnings: [] } };
  const the = step(2, root, " the", FIRST);
  const view = step(3, the, " view", AFTER_THE);
  const sound = step(4, the, " sound", AFTER_THE);
  const of = step(5, sound, " of", AFTER_SOUND);
  const waves = chain(of, 6, [" the", " waves", " at", " night", ".", "\n", "<|im_end|>"]);
  const ocean = chain(of, 20, [" your", " own", " </script><b>voice</b>"]);
  const hear = chain(step(30, root, " that", FIRST), 31, [" you", " can", " hear", " the", " sea"]);
  return {
    branches: [
      { id: 101, name: "Main", tip: view },
      { id: 102, name: "Quiet version", tip: waves },
      { id: 103, name: "Branch C", tip: hear },
      { id: 104, name: "Branch D", tip: ocean },
    ],
    current: 101,
  };
}
