// The names of functions: verbs. A participle alone ("removed") says what comes out and not what is done.

/** Participles that do not end in -ed. */
const IRREGULAR = new Set(
  ("begun bound broken built chosen drawn found given gone grown held hidden kept known left lost made meant said " +
    "sent shown spent taken understood written").split(" "),
);
/** Verbs that end like participles. */
const VERBS = new Set(["bleed", "embed", "exceed", "feed", "need", "proceed", "seed", "shed", "succeed"]);

const DECLARED = /^\s*(?:export )?(?:default )?(?:async )?function\*? (\w+)/gm;

/** The functions that `source` declares, by name, with their line (from 1). */
export function listFunctions(source: string): readonly { readonly name: string; readonly line: number }[] {
  return [...source.matchAll(DECLARED)].map(({ 0: whole, 1: name, index }) => ({
    name: name!,
    line: source.slice(0, index + whole.length).split("\n").length,
  }));
}

/** Whether a name is one participle and nothing else. */
export function isParticiple(name: string): boolean {
  return IRREGULAR.has(name) || (/^[a-z]+ed$/.test(name) && !VERBS.has(name));
}
