// A language model of 300 tokens without weights: 256 bytes, some words, an end-of-text token. Deterministic, so
// that tests of the page and of the routes can expect exact answers. "The capital of France is" goes on " Paris".
import type { Candidate, NextTokenInput, NextTokenResult } from "../lib/wire/next_token.ts";
import type { Token } from "../lib/wire/token.ts";
import { fault } from "../lib/fault.ts";

export const FAKE_CONTEXT_LENGTH = 512; // tokens
const WORDS = [
  ..." Paris, the, a, of, is, in, and, to, was, it, that, city, capital, France, one, known, located, not, called, for"
    .split(","),
  ..."The,A,It,In,Once, upon, time, cat, sat, on, mat, dog, ran, sun, moon, sea, red, blue, green, old, new,\n,."
    .split(","),
];
const EOS = "<|end|>";
const BYTES: readonly Uint8Array[] = [
  ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
  ...WORDS.map((word) => new TextEncoder().encode(word)),
  new TextEncoder().encode(EOS),
];
export const FAKE_VOCAB_SIZE = BYTES.length;
export const FAKE_EOS_ID = BYTES.length - 1;
export const FAKE_MODEL_ID = "fake/three-hundred-tokens";
export const FAKE_MODEL_KEY = "fake-model-key";
export const FAKE_TOKENIZER_KEY = "fake-tokenizer-key";

/** The ids of a text: the longest word that fits, else one byte. `specials` false: the end of text is ordinary. */
export function fakeEncode(text: string, specials = true): number[] {
  const ids: number[] = [];
  for (let rest = text; rest !== "";) {
    const word = specials && rest.startsWith(EOS)
      ? EOS
      : WORDS.filter((w) => rest.startsWith(w)).sort((a, b) => b.length - a.length)[0];
    const character = word ?? String.fromCodePoint(rest.codePointAt(0)!);
    if (word === EOS) ids.push(FAKE_EOS_ID);
    else if (word !== undefined) ids.push(256 + WORDS.indexOf(word));
    else ids.push(...new TextEncoder().encode(character));
    rest = rest.slice(character.length);
  }
  return ids;
}

export function fakeBytes(id: number): Uint8Array {
  return BYTES[id] ?? new Uint8Array();
}

/** One token alone; U+FFFD where its bytes are no text. */
export function fakeSingle(id: number): Token {
  const { token: text, display, special, bytes } = candidate(id, 0);
  return { id, text, display, special, bytes, offset: 0 };
}

/** The tokens of a path as the real codec gives them: an unfinished character belongs to the token that ends it. */
export function fakeTokens(ids: readonly number[]): Token[] {
  const decoder = new TextDecoder();
  let offset = 0;
  return ids.map((id, index) => {
    const bytes = [...BYTES[id]!];
    const text = decoder.decode(BYTES[id], { stream: true }) +
      (index === ids.length - 1 ? decoder.decode() : "");
    const token = { id, text, display: displayOf(text, bytes), special: id === FAKE_EOS_ID, bytes, offset };
    offset += text.length;
    return token;
  });
}

/** One logit for each token of the vocabulary: a function of the context alone. */
export function fakeLogits(ids: readonly number[]): Float64Array {
  const seed = ids.reduce((hash, id) => Math.imul(hash ^ id, 0x01000193) >>> 0, 0x811c9dc5);
  const logits = Float64Array.from(BYTES, (_, id) => {
    const noise = (Math.imul(seed ^ Math.imul(id + 1, 0x9e3779b1), 0x85ebca6b) >>> 0) / 2 ** 32; // 0..1
    return id < 256 ? noise * 2 - 6 : noise * 6;
  });
  if (fakeTokens(ids).map((token) => token.text).join("").endsWith("capital of France is")) logits[256] = 8;
  return logits;
}

/** What POST /api/next-token answers. Throws the faults of the real job. */
export function fakeNextToken(input: NextTokenInput): NextTokenResult {
  const ids = input.ids ?? fakeEncode(input.text ?? "");
  checkContext(ids);
  const logits = fakeLogits(ids);
  const probs = softmax(logits, input.temperature);
  const order = [...probs.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b);
  const shown = order.slice(0, input.top_k);
  const entropy = -probs.reduce((sum, p) => sum + (p > 0 ? p * Math.log2(p) : 0), 0);
  const warning = input.top_k > FAKE_VOCAB_SIZE
    ? `top_k was lowered to ${FAKE_VOCAB_SIZE}, the size of the vocabulary.`
    : null;
  return {
    candidates: shown.map((id) => candidate(id, probs[id]!)),
    sampled: candidate(order[0]!, 1).token,
    sampled_id: order[0]!,
    warning,
    inputs: ends(ids),
    logits: ends([...logits]),
    ids,
    entropy_bits: entropy,
    effective_choices: 2 ** entropy,
    mass_90_count: countOfMass(order.map((id) => probs[id]!), 0.9),
    eos_prob: probs[FAKE_EOS_ID]!,
    eos: ids.at(-1) === FAKE_EOS_ID,
    other_prob: Math.max(0, 1 - shown.reduce((sum, id) => sum + probs[id]!, 0)),
    vocab_size: FAKE_VOCAB_SIZE,
    context_length: FAKE_CONTEXT_LENGTH,
    ...{ model_key: FAKE_MODEL_KEY, tokenizer_key: FAKE_TOKENIZER_KEY },
    model: FAKE_MODEL_ID,
    timing_ms: 1,
    timing: { queued_ms: 0, prefill_ms: 1, decode_ms: 0, computed_tokens: ids.length },
  };
}

function checkContext(ids: readonly number[]): void {
  if (ids.length === 0) {
    throw fault("empty_context", "Type at least one character: the prompt is empty.", "text");
  }
  const unknown = ids.find((id) => id >= FAKE_VOCAB_SIZE);
  if (unknown !== undefined) throw fault("unknown_token", `The model has no token ${unknown}.`, "ids");
  const over = ids.length - FAKE_CONTEXT_LENGTH;
  if (over > 0) throw fault("context_too_long", `The text is ${over} tokens too long for the model.`);
}

function candidate(id: number, prob: number): Candidate {
  const token = new TextDecoder().decode(BYTES[id]);
  const bytes = [...BYTES[id]!];
  return {
    token,
    prob: Math.round(prob * 1e6) / 1e6,
    id,
    logprob: prob > 0 ? Math.log(prob) : null,
    bytes,
    display: token.includes("\ufffd") ? displayOf("", bytes) : displayOf(token, bytes),
    special: id === FAKE_EOS_ID,
  };
}

function displayOf(text: string, bytes: readonly number[]): string {
  if (text === "") return bytes.map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");
  return text.replace(/^ +/, (spaces) => "␠".repeat(spaces.length)).replaceAll("\n", "⏎").replaceAll(
    "\t",
    "⇥",
  );
}

function softmax(logits: Float64Array, temperature: number): Float64Array {
  const highest = Math.max(...logits);
  if (temperature === 0) {
    const first = logits.indexOf(highest);
    return logits.map((_, id) => id === first ? 1 : 0);
  }
  const weights = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function countOfMass(sorted: readonly number[], mass: number): number {
  let sum = 0;
  return 1 + sorted.findIndex((p) => (sum += p) >= mass);
}

function ends<T>(values: readonly T[]): (T | "...")[] {
  return values.length <= 12 ? [...values] : [...values.slice(0, 6), "...", ...values.slice(-6)];
}
