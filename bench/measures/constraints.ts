// What a constraint costs in the product: the vocabulary once, then one position after another through the sandbox,
// each beside the forward pass that it runs next to.
import { compileConstraint } from "../../lib/constraints/compile.ts";
import { type SharedVocabulary, shareVocabulary } from "../../lib/constraints/position/shared_vocabulary.ts";
import type { ConstraintText } from "../../lib/constraints/position/types.ts";
import { createSandbox, type Sandbox } from "../../lib/sandbox/sandbox.ts";
import type { TextCodec } from "../../lib/text/types.ts";
import { forwardPasses } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { measureTime } from "../stats.ts";
import { readBundledCodec, vocabularyOf } from "../vocabulary.ts";

const END = 2; // of the bundled model

/** A constraint of each kind, and a text of it. */
const CASES: readonly (readonly [ConstraintText, string])[] = [
  [
    { type: "multiple_choice", schema: "The cat sat on the mat\nThe cat sat on the sofa" },
    "The cat sat on the mat",
  ],
  [
    { type: "regex", schema: "[A-Z][a-z]+(, [a-z ]+)*, \\d{4}-\\d{2}-\\d{2}" },
    "Paris, the city of light, 1889-03-31",
  ],
  [
    { type: "cfg", schema: 'root ::= sum\nsum ::= term ("+" term)*\nterm ::= [0-9]+ | "(" sum ")"' },
    "(1+(22+333)+4)+5",
  ],
  [
    {
      type: "json_schema",
      schema:
        '{"type":"object","properties":{"name":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}}},"required":["name"]}',
    },
    '{"name": "An old house by the sea", "tags": ["sea", "wind"]}',
  ],
];

export const constraints: Part = {
  name: "constraints",
  about: "constraints along a text, through the sandbox as in the product, beside the forward pass",
  byDefault: false,
  async run({ quick, report }: Bench) {
    const codec = await readBundledCodec();
    const rounds = quick ? 1 : 5;
    const trees: number[] = [];
    for (let round = 0; round < rounds; round++) {
      trees.push(await measureTime(() => Promise.resolve(vocabularyOf(codec))));
    }
    report.add("tree of the vocabulary", "ms", trees, {
      ...{ label: "largest", value: Math.max(...trees), unit: "ms", goal: "≤ 300 ms" },
    });
    const fields = Array.from(
      { length: 50 },
      (_, at) => [`field_${at}`, { type: at % 2 ? "string" : "number" }],
    );
    const schema = JSON.stringify({ type: "object", properties: Object.fromEntries(fields) });
    const compile = Array.from({ length: 2 * rounds }, () => {
      const begun = performance.now();
      compileConstraint({ type: "json_schema", schema });
      return performance.now() - begun;
    });
    report.add("compile 50 fields", "ms", compile, {
      ...{ label: "largest", value: Math.max(...compile), unit: "ms", goal: "≤ 150 ms" },
    });
    const vocabulary = share(codec);
    for (const [constraint, text] of CASES) {
      const { first, next } = await positions(constraint, codec.encode(text), vocabulary, rounds);
      report.add(`${constraint.type}, first`, "ms", first);
      report.add(`${constraint.type}, each token`, "ms", next);
    }
    report.add("forward pass of one token", "ms", await forwardPasses(quick ? 10 : 60));
  },
};

function share(codec: TextCodec): SharedVocabulary {
  const source = {
    size: codec.size,
    bytes: (id: number) => codec.has(id) && !codec.isSpecial(id) ? codec.bytes(id) : null,
  };
  const steps = shareVocabulary("bundled", source, [END]);
  for (let step = steps.next();; step = steps.next()) if (step.done) return step.value;
}

/** Times of the first position, with the sandbox and the tree made anew, and of each one after it. */
async function positions(
  constraint: ConstraintText,
  ids: readonly number[],
  vocabulary: SharedVocabulary,
  rounds: number,
): Promise<{ readonly first: number[]; readonly next: number[] }> {
  const times = { first: [] as number[], next: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const sandbox = createSandbox();
    for (let length = 0; length <= ids.length; length++) {
      const time = await measureTime(() => ask(sandbox, constraint, ids.slice(0, length), vocabulary));
      times[length === 0 ? "first" : "next"].push(time);
    }
    sandbox.close();
  }
  return times;
}

async function ask(
  sandbox: Sandbox,
  constraint: ConstraintText,
  ids: readonly number[],
  vocabulary: SharedVocabulary,
): Promise<void> {
  const question = { vocabulary, constraint, ids };
  const answer = await sandbox.run("constraint_position", question, { deadlineMs: 60_000 });
  if (!answer.fits) throw new Error(`${constraint.type}: the text left the constraint at token ${answer.at}`);
}
