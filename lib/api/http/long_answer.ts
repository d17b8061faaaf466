// Answers that may be long: how many tokens a request wants described, and a body whose end is known.
import type { JobKind, Jobs } from "../../protocol/jobs.ts";
import { countDescribedBySteps } from "../../wire/answer_size.ts";
import { WholeAnswer } from "./whole_answer.ts";

const CHUNK_BYTES = 64 * 1024;
/** Milliseconds that parts are handed on before the thread's other tasks get their turn: a fast client takes them as
 * they come. */
const TURN_MS = 2;

/** For each job that may describe many tokens, at most how many, before anything is computed. */
const DESCRIBED: { readonly [K in JobKind]?: (input: Jobs[K]["input"], vocabSize: number) => number } = {
  next_token: ({ top_k }, vocabSize) => Math.min(top_k, vocabSize),
  preview: ({ top_k }, vocabSize) => Math.min(top_k, vocabSize),
  step: (input, vocabSize) => countDescribedBySteps(1, forcedLimitOf(input), input, vocabSize),
  tokenize: ({ text }) => Math.ceil(text.length / 2), // an entry without probabilities is half as long
};

/** How many tokens a step appends, at most: a token has at least one UTF-8 byte, and a UTF-16 unit at most three. */
export function forcedLimitOf({ force_text }: { readonly force_text: string | null }): number {
  return Math.max(1, (force_text?.length ?? 0) * 3);
}

/** How many tokens the answer to a request describes, at most. */
export function countDescribed<K extends JobKind>(
  kind: K,
  input: Jobs[K]["input"],
  vocabSize: number,
): number {
  return DESCRIBED[kind]?.(input, vocabSize) ?? 0;
}

/** The answer of JSON in `bytes`: those of most answers at once, more of them in parts, taken as the client reads.
 * `sent` is called once, at its end or when the client goes. */
export function answerBytes(bytes: Uint8Array<ArrayBuffer>, sent: () => void): Response {
  const headers = { "content-type": "application/json", "content-length": String(bytes.byteLength) };
  if (bytes.byteLength > CHUNK_BYTES) return new Response(streamInParts(bytes, sent), { headers });
  sent();
  return new WholeAnswer(bytes, { headers });
}

function streamInParts(bytes: Uint8Array<ArrayBuffer>, sent: () => void): ReadableStream<Uint8Array> {
  let rest: Uint8Array<ArrayBuffer> | null = bytes;
  let rested = performance.now();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (performance.now() - rested > TURN_MS) {
        await new Promise((resolve) => setTimeout(resolve)); // by immediates a worker's messages hardly come in
        rested = performance.now();
      }
      if (rest === null) return;
      controller.enqueue(rest.subarray(0, CHUNK_BYTES));
      rest = rest.byteLength > CHUNK_BYTES ? rest.subarray(CHUNK_BYTES) : null;
      if (rest !== null) return;
      controller.close();
      sent();
    },
    cancel() {
      rest = null;
      sent();
    },
  });
}
