// The names of functions: verbs. A participle alone ("removed") says what comes out, and a preposition or a word of
// number ("inFront", "few") where or how many: none of them says what is done.

/** Participles that do not end in -ed. */
const IRREGULAR = new Set(
  ("begun bound broken built chosen drawn found given gone grown held hidden kept known left lost made meant said " +
    "sent shown spent taken understood written").split(" "),
);
/** Verbs that end like participles. */
const VERBS = new Set(["bleed", "embed", "exceed", "feed", "need", "proceed", "seed", "shed", "succeed"]);

const DECLARED =
  /^\s*(?:export )?(?:default )?(?:async )?function\*? (\w+)|^(?:export )?const (\w+)(?:: \w+)? = (?:async )?(?:<.*>)?\([^()]*\)(?:: [^=]*)? =>/gm;

/** The functions that `source` declares, by name, with their line (from 1). */
export function listFunctions(source: string): readonly { readonly name: string; readonly line: number }[] {
  return [...source.matchAll(DECLARED)].map(({ 0: whole, 1: declared, 2: arrow, index }) => ({
    name: declared ?? arrow!,
    line: source.slice(0, index + whole.length).split("\n").length,
  }));
}

/** Whether a name is one participle and nothing else. */
function isParticiple(name: string): boolean {
  return IRREGULAR.has(name) || (/^[a-z]+ed$/.test(name) && !VERBS.has(name));
}

/** Words that say where, when, which or how many. */
const NO_VERBS = new Set(
  ("above after around at before behind below beneath beside between beyond both by during each either every except " +
    "few first foreign from for idle if in inside into largest last least most near nearest neither no not of off " +
    "once only or other outside over per same several shortest some than then through together under unless until " +
    "up upon when where while within").split(" "),
);
/** Rules that are called like the keyword or the operator that they do. */
const RULES = new Set(["not", "where"]);

/** Whether a name is a participle alone, or begins with a word that says where, when, which or how many; what derives a
 * value or is one may. */
export function lacksVerb(name: string): boolean {
  const [first = ""] = /^[a-z]+/.exec(name) ?? [];
  if (isParticiple(name)) return true;
  return NO_VERBS.has(first) && !RULES.has(name) && !/(?:Of|View|Error)$/.test(name);
}
