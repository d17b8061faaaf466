// The fake model as lib/decode asks it, so that fakes answer preview, step, vocabulary and tokenize with the real
// code over fake logits.
import type { ChatMessage } from "../lib/wire/token.ts";
import { fakeAttribution } from "./fake_attribution.ts";
import type { ChatRenderer, LanguageModel, PathTops, RenderOptions } from "../lib/decode/types.ts";
import { ConstraintReader } from "../lib/constraints/position/reader.ts";
import { ConstraintPositions } from "../lib/decode/constraint_positions.ts";
import { DistributionCache } from "../lib/decode/distribution_cache.ts";
import { Turns } from "../lib/basics/turns.ts";
import { VocabularyIndex } from "../lib/decode/vocabulary_index.ts";
import { fault } from "../lib/fault.ts";
import { startJob } from "../lib/worker/jobs.ts";
import type { JobKind, Jobs } from "../lib/protocol/jobs.ts";
import type { ModelInfo } from "../lib/protocol/model_info.ts";
import type { JobProgress } from "../lib/wire/progress.ts";
import { searchRegex } from "../lib/sandbox/regex.ts";
import { topIds } from "../lib/sampling/order.ts";
import { logprobsUnder, scoreOf } from "../lib/sampling/score.ts";
import type { TextCodec } from "../lib/text/types.ts";
import {
  FAKE_EOS_ID,
  FAKE_VOCAB_SIZE,
  fakeBytes,
  fakeEncode,
  fakeLogits,
  fakeSingle,
  fakeTokens,
} from "./fake_model.ts";

export const fakeCodec: TextCodec = {
  unlisted: [],
  size: FAKE_VOCAB_SIZE,
  // deno-lint-ignore require-yield -- it is known at once
  *leastTokens() {
    return 0;
  },
  encode: (text, { specials = true } = {}) => fakeEncode(text, specials),
  covers: () => true,
  // deno-lint-ignore require-yield -- one slice
  *encodeInSlices(text, options) {
    return { ids: this.encode(text, options), complete: this.covers(text) };
  },
  // deno-lint-ignore require-yield -- one slice
  *decodeInSlices(ids) {
    return this.decode(ids);
  },
  // deno-lint-ignore require-yield -- one slice
  *tokenJsonInSlices(ids, { before, after }) {
    return new TextEncoder().encode(before + JSON.stringify(this.tokensOf(Array.from(ids))) + after);
  },
  has: (id) => id >= 0 && id < FAKE_VOCAB_SIZE,
  isSpecial: (id) => id === FAKE_EOS_ID,
  bytes: (id) => fakeBytes(id),
  single: fakeSingle,
  decode: (ids) => fakeTokens(ids).map(({ text }) => text).join(""),
  tokensOf: (ids, from = 0) => fakeTokens(ids).slice(from),
};

/** Turns as `[role]content<|end|>`, then `[assistant]`; it refuses roles it does not know. */
export const fakeChat: ChatRenderer = {
  render(messages: readonly ChatMessage[], { addGenerationPrompt, continueFinalMessage }: RenderOptions) {
    const strange = messages.find(({ role }) => !["system", "user", "assistant"].includes(role));
    if (strange !== undefined) {
      const message = `The chat template refuses these messages: Unknown role ${strange.role}.`;
      return Promise.reject(fault("invalid_request", message, "messages"));
    }
    const turns = messages.map(({ role, content }) => `[${role}]${content}<|end|>`).join("");
    const open = continueFinalMessage ? turns.slice(0, -"<|end|>".length) : turns;
    return Promise.resolve(addGenerationPrompt ? `${open}[assistant]` : open);
  },
  findUnread: () => [],
};

/** The language model behind a status; `computed` counts asks for logits. */
export function fakeLanguage(info: ModelInfo): LanguageModel & { readonly computed: number } {
  let computed = 0;
  const reader = new ConstraintReader();
  return {
    ...{ id: info.id, modelKey: info.modelKey, tokenizerKey: info.tokenizerKey },
    ...{ device: info.backend.device, arithmetic: info.backend.arithmetic, codec: fakeCodec },
    turns: new Turns(),
    distributions: new DistributionCache(),
    attribution: fakeAttribution(),
    tokenizerInfo: {
      tokenizer_class: "FakeTokenizer",
      tokens: { eos_token: "<|end|>" },
      chat_template: info.hasChatTemplate ? "{{ messages }}" : null,
    },
    chat: info.hasChatTemplate ? fakeChat : null,
    ...{ vocabSize: info.vocabSize, contextLength: info.contextLength, eosTokenIds: info.eosTokenIds },
    vocabulary: new VocabularyIndex(
      fakeCodec,
      info.vocabSize,
      (pattern, texts) => Promise.resolve().then(() => searchRegex({ pattern, texts }, 10_000)),
    ),
    constraints: new ConstraintPositions(
      fakeCodec,
      { size: info.vocabSize, key: info.tokenizerKey, ends: info.eosTokenIds },
      (question) => Promise.resolve().then(() => reader.position(question)),
    ),
    get computed() {
      return computed;
    },
    logits: {
      // deno-lint-ignore require-yield -- one slice
      async *after(ids) {
        computed++;
        const logits = await Promise.resolve(Float32Array.from(fakeLogits(ids)));
        return { logits, computedTokens: ids.length, prefillMs: 1, decodeMs: 0 };
      },
      // deno-lint-ignore require-yield -- one slice
      async *continuation(ids, from) {
        const rows = ids.slice(from).map((id, at) =>
          scoreOf(fakeLogits(ids.slice(0, from + at)), id).logprob
        );
        const logprobs = await Promise.resolve(Float64Array.from(rows));
        return { logprobs, computedTokens: rows.length, prefillMs: 1, decodeMs: 0 };
      },
      // deno-lint-ignore require-yield -- one slice
      async *scores(ids, _signal, top = 0) {
        const rows = await Promise.resolve(
          ids.map((id, at) => at === 0 ? null : scoreOf(fakeLogits(ids.slice(0, at)), id)),
        );
        return {
          logprobs: Float64Array.from(rows, (row) => row?.logprob ?? NaN),
          ranks: Int32Array.from(rows, (row) => row?.rank ?? -1),
          entropies: Float64Array.from(rows, (row) => row?.entropyBits ?? NaN),
          tops: top === 0 ? null : fakeTops(ids, top),
          ...{ computedTokens: ids.length, prefillMs: 1, decodeMs: 0 },
        };
      },
    },
  };
}

function fakeTops(ids: readonly number[], count: number): PathTops {
  const rows = ids.map((_, at) => at === 0 ? null : fakeLogits(ids.slice(0, at)));
  const best = rows.map((row) => row === null ? null : [...topIds(row, count)]);
  const none = (value: number) => Array<number>(count).fill(value);
  return {
    count,
    ids: Int32Array.from(best.flatMap((ids) => ids ?? none(-1))),
    logprobs: Float64Array.from(
      rows.flatMap((row, at) => row === null ? none(NaN) : best[at]!.map(logprobsUnder(row))),
    ),
  };
}

/** What the real job answers over the fake model. */
export async function fakeJob<K extends JobKind>(
  kind: K,
  input: Jobs[K]["input"],
  info: ModelInfo,
  { signal, onProgress }: {
    readonly signal: AbortSignal;
    readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  },
): Promise<Jobs[K]["output"]> {
  const slices = startJob(kind, input, fakeLanguage(info), signal);
  for (let slice = await slices.next();; slice = await slices.next()) {
    if (slice.done) return slice.value;
    if ("until" in slice.value) await slice.value.until;
    else onProgress?.(slice.value);
  }
}
