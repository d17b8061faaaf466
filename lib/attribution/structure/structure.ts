// A decoder-only language model as a residual stream that blocks write into, found from its graph alone.
// Elhage et al., "A mathematical framework for transformer circuits", 2021.
import { type AttentionCore, findCores } from "./cores.ts";
import type { Flow } from "./flow.ts";
import { findHeadPath, type HeadPath, isSum, missingPartError } from "./head_path.ts";

/** What one block adds to the stream: [batch, rows, hidden]. */
export interface Write {
  readonly name: string;
  readonly layer: number;
  /** The attention it comes from; null for an MLP. */
  readonly core: AttentionCore | null;
}

/** The stream of a model. */
export interface Structure extends HeadPath {
  /** The stream before the first block and after each layer: the last one is `residual`. */
  readonly states: readonly string[];
  /** In the order of the text's way through the model. */
  readonly writes: readonly Write[];
}

/** A sum on the stream: what it was and what was added. */
interface Step {
  readonly before: string;
  readonly after: string;
  readonly added: readonly string[];
}

/** The structure of a graph whose fused sums and kernels were taken apart (forms/); `heads` is what `expandAttention`
 * gave. Throws an `unsupported` fault that names what was not found. */
export function findStructure(flow: Flow, logits: string, heads: ReadonlyMap<string, number>): Structure {
  const path = findHeadPath(flow, logits);
  const cores = findCores(flow.draft, heads);
  if (cores.length === 0) {
    throw missingPartError("attention (a softmax whose rows weigh values) in the graph");
  }
  const steps = stepsOf(flow, path.residual);
  const root = steps[0]?.before ?? path.residual;
  if (cores.some((core) => flow.reaches(core.merged, flow.strip(root)))) {
    throw missingPartError("a residual stream without a normalisation on its way");
  }
  const { writes, states } = blocksOf(flow, steps, cores);
  const found = writes.filter((write) => write.core !== null).length;
  if (found !== cores.length) {
    throw missingPartError(`the writes of ${cores.length - found} attention layers`);
  }
  return { ...path, states: [root, ...states], writes };
}

/** The sums that end in `residual`, first one first. */
function stepsOf(flow: Flow, residual: string): Step[] {
  const steps: Step[] = [];
  for (let after = residual;;) {
    const step = findStepBefore(flow, after);
    if (step === null) return steps.reverse();
    steps.push(step);
    after = step.before;
  }
}

/**
 * The sum that gives `after`: the summand that all others are computed from is the stream, the others were added. Null
 * where there is no such summand: the stream begins here.
 */
function findStepBefore(flow: Flow, after: string): Step | null {
  const terms = [flow.strip(after)];
  for (;;) {
    terms.sort((a, b) => flow.place(b) - flow.place(a));
    const latest = terms.findIndex((term) => isSum(flow, term));
    if (latest < 0) return null;
    const [sum] = terms.splice(latest, 1);
    terms.push(...flow.draft.producer(sum!)!.input.map(flow.strip));
    const before = terms.find((term) => terms.every((other) => flow.reaches(term, other)));
    if (before !== undefined) return { before, after, added: terms.filter((term) => term !== before) };
  }
}

function blocksOf(flow: Flow, steps: readonly Step[], cores: readonly AttentionCore[]) {
  const writes: Write[] = [];
  const states: string[] = [];
  let layer = -1;
  for (const step of steps) {
    const added = step.added.flatMap((name) => separate(flow, step.before, name, cores));
    if (added.some(({ core }) => core !== null)) layer++;
    // Attention first: beside an MLP that reads the same stream it comes first in every listing.
    added.sort((a, b) => Number(a.core === null) - Number(b.core === null));
    writes.push(...added.map((write) => ({ ...write, layer: Math.max(layer, 0) })));
    states[Math.max(layer, 0)] = step.after;
  }
  return { writes, states };
}

/** A write as it is, or its summands where some come from attention and others do not. */
function separate(
  flow: Flow,
  before: string,
  name: string,
  cores: readonly AttentionCore[],
): Omit<Write, "layer">[] {
  const [first, last] = [flow.place(before), flow.place(name)];
  const within = cores.filter(({ merged }) => {
    const place = flow.place(merged);
    return place > first && place < last && flow.reaches(before, merged) && flow.reaches(merged, name);
  });
  if (isSum(flow, name) && within.length > 0) {
    const parts = flow.draft.producer(name)!.input.flatMap((part) => separate(flow, before, part, cores));
    if (parts.some(({ core }) => core === null)) return parts;
  }
  if (within.length > 1) throw missingPartError(`which attention writes "${name}": there are several`);
  return [{ name, core: within[0] ?? null }];
}
