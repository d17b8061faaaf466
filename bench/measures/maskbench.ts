// A slice of MaskBench: schemas of real use, with documents that must be producible token by token, and documents that
// must not. The data is no part of the repository (../shared/maskbench, or another folder in MASKBENCH_DIR).
import { compileConstraint } from "../../lib/constraints/compile.ts";
import { FAILED } from "../../lib/constraints/engine/recogniser.ts";
import type { Recogniser } from "../../lib/constraints/engine/recogniser.ts";
import { refusalPlaceOf } from "../../lib/constraints/ir/refusal.ts";
import { TokenMasks } from "../../lib/constraints/tokens/mask.ts";
import type { SlicedVocabulary } from "../../lib/constraints/tokens/slices.ts";
import { hasToken } from "../../lib/constraints/tokens/token_set.ts";
import type { TextCodec } from "../../lib/text/types.ts";
import { forwardPasses, ROOT } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import type { Report } from "../report.ts";
import { readBundledCodec, vocabularyOf } from "../vocabulary.ts";

interface Case {
  readonly name: string;
  readonly schema: unknown;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

interface Tally {
  readonly compile: number[]; // ms
  readonly mask: number[]; // µs
  compiled: number;
  readonly refused: string[];
  readonly validRejected: string[];
  readonly invalidAccepted: string[];
}

/** Cases of a quick run. */
const QUICK = 40;
/** Of an unallowed text so much is shown. */
const SHOWN = 60;

export const maskbench: Part = {
  name: "maskbench",
  about:
    "JSON schemas of real use: right and wrong documents token by token, time to compile and of masks, beside the forward pass",
  byDefault: false,
  async run({ quick, report }: Bench) {
    const cases = await readCases();
    if (cases.length === 0) {
      report.note(
        "There are no cases: put MaskBench's *.jsonl into ../shared/maskbench, or name a folder in MASKBENCH_DIR.",
      );
      return;
    }
    const codec = await readBundledCodec();
    const vocabulary = vocabularyOf(codec);
    const tally: Tally = {
      compile: [],
      mask: [],
      compiled: 0,
      refused: [],
      validRejected: [],
      invalidAccepted: [],
    };
    for (const one of quick ? cases.slice(0, QUICK) : cases) tryCase(one, codec, vocabulary, tally);
    tell(report, tally);
    report.add("forward pass of one token", "ms", await forwardPasses(quick ? 10 : 60));
  },
};

async function readCases(): Promise<Case[]> {
  const folder = Deno.env.get("MASKBENCH_DIR") ?? `${ROOT}/../shared/maskbench`;
  const cases: Case[] = [];
  for (const name of await filesIn(folder)) {
    const lines = (await Deno.readTextFile(`${folder}/${name}`)).split("\n").filter((line) => line !== "");
    cases.push(...lines.map((line) => JSON.parse(line) as Case));
  }
  return cases;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).filter((name) => name.endsWith(".jsonl")).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function tryCase(one: Case, codec: TextCodec, vocabulary: SlicedVocabulary, tally: Tally): void {
  const begun = performance.now();
  const compiled = compileConstraint({ type: "json_schema", schema: JSON.stringify(one.schema) });
  tally.compile.push(performance.now() - begun);
  if (!compiled.ok) {
    tally.refused.push(`${one.name} ${compiled.error.pointer ?? ""}: ${compiled.error.message}`);
    return;
  }
  const { recogniser } = compiled.constraint;
  tally.compiled++;
  const masks = new TokenMasks(recogniser, vocabulary, []);
  for (const text of one.valid) {
    const stopped = stopsAt(recogniser, masks, codec, text, tally);
    if (stopped !== null) tally.validRejected.push(`${one.name} ${stopped}`);
  }
  for (const text of one.invalid) {
    if (stopsAt(recogniser, masks, codec, text, tally) === null) {
      tally.invalidAccepted.push(`${one.name} ${text.slice(0, SHOWN)}`);
    }
  }
}

/** Where the mask, or the end, refuses a text; null where the whole text is allowed. */
function stopsAt(
  recogniser: Recogniser,
  masks: TokenMasks,
  codec: TextCodec,
  text: string,
  tally: Tally,
): string | null {
  let state = recogniser.initial;
  let before = "";
  try {
    for (const id of codec.encode(text)) {
      recogniser.machine.budget.begin();
      const begun = performance.now();
      const mask = masks.of(state);
      tally.mask.push((performance.now() - begun) * 1000);
      if (!hasToken(mask, id)) return `after ${before.slice(-SHOWN)}`;
      for (const byte of codec.bytes(id)) state = recogniser.advance(state, byte);
      if (state === FAILED) throw new Error(`${text}: the mask allowed what the recogniser does not`);
      before += codec.decode([id]);
    }
  } catch (error) {
    if (refusalPlaceOf(error) === null) throw error;
    return `${(error as Error).message} After ${before.slice(-SHOWN)}`;
  }
  return recogniser.accepts(state) ? null : "at its end";
}

function tell(report: Report, tally: Tally): void {
  const { compile, mask, compiled, refused, validRejected, invalidAccepted } = tally;
  const figure = (list: readonly number[], part: number, unit: string, goal: string | null) => {
    const sorted = list.toSorted((a, b) => a - b);
    return { label: `p${part}`, value: sorted[Math.ceil(sorted.length * part / 100) - 1]!, unit, goal };
  };
  report.add(
    "compile",
    "ms",
    compile,
    figure(compile, 50, "ms", "≤ 10 ms"),
    figure(compile, 90, "ms", null),
    figure(compile, 99, "ms", "≤ 200 ms"),
  );
  report.add(
    "mask",
    "µs",
    mask,
    figure(mask, 50, "µs", "≤ 100 µs"),
    figure(mask, 90, "µs", "≤ 1,000 µs"),
    figure(mask, 99, "µs", "≤ 5,000 µs"),
    {
      label: "largest",
      value: mask.reduce((most, one) => Math.max(most, one), 0),
      unit: "µs",
      goal: "≤ 50,000 µs",
    },
  );
  report.say(`${compiled} of ${compile.length} schemas compiled, ${refused.length} refused`);
  report.say(`${validRejected.length} right documents refused, ${invalidAccepted.length} wrong ones allowed`);
  for (const line of refused) report.note(`refused: ${line}`);
  for (const line of validRejected) report.note(`right, but refused: ${line}`);
  for (const line of invalidAccepted) report.note(`wrong, but allowed: ${line}`);
}
