// The bars of a step: those it was drawn from, under its own settings, and its ledger, which is asked for besides.
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import type { Answer, Settings, StepRecord } from "./types.ts";

/** Probabilities that were computed again may differ by this much: a percentage has one decimal. */
const SAME = 5e-4;

/** The settings that a step was drawn with. Of a constraint that is not known (a stored session) the present one is
 * taken, where there is one. */
export function settingsOf({ params, dist, constraint }: StepRecord, now: Settings): Settings {
  const guess = {
    ...now.constraint,
    enabled: now.constraint.enabled && dist?.constraint_active === true,
  };
  return { ...now, params, constraint: constraint ?? guess, topK: dist?.top_k ?? now.topK };
}

/** A step's own bars with the ledger of an answer about them. Where that tells of other bars (the step's constraint is
 * not known, or its XTC had drawn another number) they stay without one. */
export function addLedger(own: Answer, told: DistResult, warnings: readonly string[]): Answer {
  const byId = new Map(told.tokens.map((token) => [token.id, token]));
  const same = own.dist.constraint_active === told.constraint_active &&
    own.dist.tokens.every((token) => isSame(token, byId.get(token.id)));
  if (!same) return { ...own, lacks: null };
  const tokens = own.dist.tokens.map((token) => {
    const { stages, restore } = byId.get(token.id)!;
    return { ...token, stages, restore };
  });
  return { ...own, ledger: true, warnings, dist: { ...own.dist, stages: told.stages, tokens } };
}

function isSame(own: DistToken, told: DistToken | undefined): boolean {
  return told !== undefined && own.kept === told.kept && Math.abs(own.p_final - told.p_final) <= SAME;
}
