// What a constraint does at a position, as it is answered.
import { isOnlyUnusualLeft } from "../constraints/explain/usual.ts";
import type { Fitting } from "../constraints/position/types.ts";
import { idsOf } from "../constraints/tokens/token_set.ts";
import type { StageTrace } from "../sampling/pipeline.ts";
import type { ConstraintState, ForcedStretch } from "../wire/constraint.ts";
import type { LanguageModel } from "./types.ts";

/** More allowed tokens than this are not looked at one by one: among so many, one is usual. */
const MOST_LOOKED_AT = 256;

/** `stage`: what the mask did; `path`: all ids before the position. */
export function constraintStateOf(
  position: Fitting,
  stage: StageTrace,
  path: readonly number[],
  model: LanguageModel,
): ConstraintState {
  return {
    may_end: position.mayEnd,
    must_end: position.mustEnd,
    allowed: position.allowed,
    masked_mass: stage.removedMass,
    // The logits of kept tokens stay as they are, so ln of the kept mass is the difference of the sums' logarithms.
    kl_bits: Math.max(0, (stage.before.logZ - stage.after.logZ) / Math.LN2),
    forced: decodeForced(position, model),
    only_unusual: isOnlyUnusual(position, stage, path, model),
    expected: position.expected,
    more_expected: position.moreExpected,
    notes: position.notes,
  };
}

/** The forced bytes as text, and as the tokenizer writes it; null where they are no text, or it writes it otherwise. */
function decodeForced({ forced }: Fitting, { codec }: LanguageModel): ForcedStretch | null {
  if (forced === null) return null;
  const whole = readWholeCharacters(forced.bytes);
  if (whole === null) return null;
  const ids = codec.encode(whole.text, { specials: false, postProcess: false });
  const written = ids.flatMap((id) => [...codec.bytes(id)]);
  if (written.length !== whole.length || written.some((byte, at) => byte !== forced.bytes[at])) return null;
  return { text: whole.text, ids, ends: forced.ends && whole.length === forced.bytes.length };
}

/** The characters that are there as a whole; null: none is, or the first bytes are the rest of one. */
function readWholeCharacters(bytes: Uint8Array): { readonly text: string; readonly length: number } | null {
  for (let length = bytes.length; length > Math.max(0, bytes.length - 4); length--) {
    try {
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      return { text: decoder.decode(bytes.subarray(0, length)), length };
    } catch {
      // It ends inside a character: without its last byte it may not.
    }
  }
  return null;
}

function isOnlyUnusual(
  { mask, allowed, mayEnd }: Fitting,
  { before }: StageTrace,
  path: readonly number[],
  { codec }: LanguageModel,
): boolean {
  if (mayEnd || allowed > MOST_LOOKED_AT) return false;
  // The most probable first: it is mostly a usual one, and then the others need not be looked at.
  const ids = idsOf(mask).sort((a, b) => before.probs[b]! - before.probs[a]! || a - b);
  return isOnlyUnusualLeft(ids, path, {
    encode: (text) => codec.encode(text, { postProcess: false }),
    bytes: (id) => codec.bytes(id),
  });
}
