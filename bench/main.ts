// `deno task bench`: how fast and how large this version is, each number beside its ratio to what it is held
// against, all from one run. Nothing here is a test: a goal that is missed is printed, not failed.
import { compareResults, readResult } from "./compare.ts";
import { abort } from "./measures/abort.ts";
import { attribution } from "./measures/attribution.ts";
import { branches } from "./measures/branches.ts";
import { cancel } from "./measures/cancel.ts";
import { aClass } from "./measures/class.ts";
import { click } from "./measures/click.ts";
import { clients } from "./measures/clients.ts";
import { completions } from "./measures/completions.ts";
import { encoding } from "./measures/encoding.ts";
import { faithfulness } from "./measures/faithfulness.ts";
import { constraints } from "./measures/constraints.ts";
import { fork } from "./measures/fork.ts";
import { hit } from "./measures/hit.ts";
import { httpClick } from "./measures/http_click.ts";
import { load } from "./measures/load.ts";
import { loadSoak } from "./measures/load_soak.ts";
import { longTexts } from "./measures/long_texts.ts";
import { loop } from "./measures/loop.ts";
import { maskbench } from "./measures/maskbench.ts";
import { memory } from "./measures/memory.ts";
import { page } from "./measures/page.ts";
import { play } from "./measures/play.ts";
import { prefill } from "./measures/prefill.ts";
import { sampling } from "./measures/sampling.ts";
import { serverMemory } from "./measures/server_memory.ts";
import { soak } from "./measures/soak.ts";
import { start } from "./measures/start.ts";

import { helpText, type Options, parseOptions } from "./options.ts";
import type { Part } from "./part.ts";
import { number, Report, type Result } from "./report.ts";

/** In the order they run: memory first, before anything else has left its traces in this process. */
const PARTS: readonly Part[] = [
  ...[memory, prefill, click, fork, cancel, branches, sampling, encoding, longTexts],
  ...[start, httpClick, hit, clients, completions, loop, abort, load, serverMemory],
  ...[attribution, faithfulness],
  ...[page, play, aClass, soak, loadSoak, constraints, maskbench],
];
/** Above this load average others are using the machine, and no number means much. */
const BUSY = 1.5;

async function main(options: Options): Promise<number> {
  const print = options.json === "-" ? console.error : console.log;
  const old = options.compare === null ? null : await readResult(options.compare);
  const report = new Report(print);
  const before = Deno.loadavg()[0]!;
  if (before > BUSY) print(`! The load average is ${number(before)}: others use this machine, expect noise.`);
  const chosen = PARTS.filter(({ name, byDefault }) =>
    options.only.length === 0 ? byDefault : options.only.includes(name)
  );
  let failures = 0;
  for (const part of chosen) {
    report.begin(part.name, part.about);
    try {
      await part.run({ quick: options.quick, reference: options.reference, report });
    } catch (error) { // the other parts may still tell something
      failures++;
      report.note(`This part broke: ${error instanceof Error ? error.stack ?? error.message : error}`);
    }
  }
  const result = await resultOf(report, options.quick, before);
  print(
    `\nLoad average ${number(before)} before, ${
      number(result.load.after)
    } after (the bench itself included).`,
  );
  if (old !== null) { for (const line of compareResults(old, result)) print(line); }
  await write(options.json, result);
  return failures === 0 ? 0 : 1;
}

async function resultOf(report: Report, quick: boolean, before: number): Promise<Result> {
  return {
    version: 1,
    when: new Date().toISOString(),
    commit: await commit(),
    machine: {
      os: Deno.build.os,
      arch: Deno.build.arch,
      processors: navigator.hardwareConcurrency,
      deno: Deno.version.deno,
    },
    quick,
    load: { before, after: Deno.loadavg()[0]! },
    metrics: report.metrics,
    notes: report.notes,
  };
}

/** The commit that is checked out, "+" where files differ from it; null without git. */
async function commit(): Promise<string | null> {
  const command = new Deno.Command("git", { args: ["describe", "--always", "--dirty=+"], stderr: "null" });
  const output = await command.output().catch(() => null);
  return output?.success ? new TextDecoder().decode(output.stdout).trim() : null;
}

async function write(path: string | null, result: Result): Promise<void> {
  if (path === null) return;
  const text = JSON.stringify(result, null, 2);
  if (path === "-") console.log(text);
  else await Deno.writeTextFile(path, `${text}\n`);
}

if (import.meta.main) {
  let options: Options;
  try {
    options = parseOptions(Deno.args, PARTS);
  } catch (error) { // a sentence, not a stack
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(2);
  }
  if (options.help) console.log(helpText(PARTS));
  else Deno.exit(await main(options));
}
