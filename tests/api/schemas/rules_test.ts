// The rules of a context as the OpenAPI document says them, held against the same in plain words.
import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { chatRequest } from "../../../lib/api/openai/chat.ts";
import { completionsRequest } from "../../../lib/api/openai/completions_request.ts";
import { CONTEXT_RULES } from "../../../lib/api/schemas/rules.ts";

type Turn = { readonly role: string; readonly content?: string };
interface Asked {
  readonly prompt_ids?: readonly number[] | null;
  readonly completion_ids?: readonly number[];
  readonly prompt?: string;
  readonly messages?: readonly Turn[] | null;
  readonly use_chat_template?: boolean | null;
  readonly continue_final_message?: boolean;
}

const TURN = { role: "user", content: "a" };
const VALUES: { readonly [K in keyof Asked]-?: readonly Asked[K][] } = {
  prompt_ids: [undefined, null, [], [1]],
  completion_ids: [undefined, [], [1]],
  prompt: [undefined, "a"],
  messages: [undefined, null, [], [TURN], [TURN, { role: "user" }], Array<Turn>(9).fill(TURN)],
  use_chat_template: [undefined, null, true, false],
  continue_final_message: [undefined, false, true],
};

type Values = Readonly<Record<string, readonly unknown[]>>;

/** Every combination of the values; undefined leaves a field out. */
function* allRequests(
  values: Values,
  made: Record<string, unknown> = {},
): Generator<Record<string, unknown>> {
  const [[name, own] = ["", null], ...rest] = Object.entries(values);
  if (own === null) return yield made;
  for (const value of own) {
    yield* allRequests(Object.fromEntries(rest), value === undefined ? made : { ...made, [name]: value });
  }
}

function isRight(asked: Asked): boolean {
  const ids = asked.prompt_ids ?? null;
  const { messages = null, completion_ids = [], use_chat_template = null } = asked;
  const templated = use_chat_template !== false;
  const hasToken = (ids?.length ?? 0) > 0 || completion_ids.length > 0 ||
    ids === null && ((messages?.length ?? 0) > 0 || asked.prompt !== undefined || templated);
  const throughTemplate = ids !== null || messages === null || messages.length > 0 && templated;
  const last = messages?.at(-1);
  const goesOn = asked.continue_final_message !== true || last === undefined || last.content !== undefined;
  return hasToken && throughTemplate && goesOn;
}

Deno.test("the document's rules of a context are the plain ones, for every combination of fields", () => {
  const validate = new Ajv2020({ strict: false }).compile({ allOf: CONTEXT_RULES });
  let right = 0;
  for (const asked of allRequests(VALUES)) {
    assert.equal(validate(asked), isRight(asked), JSON.stringify(asked));
    if (isRight(asked)) right++;
  }
  assert.ok(right > 300, String(right));
});

Deno.test("the document's rules of /v1/completions are the plain ones, for every combination of fields", () => {
  const validate = new Ajv2020({ strict: false }).compile({ allOf: completionsRequest.meta()!.allOf });
  const values = {
    logprobs: [undefined, null, false, true, 0],
    echo: [undefined, true],
    max_tokens: [undefined, 0, 3],
    logprob_token_ids: [undefined, [1]],
    prompt_logprobs: [undefined, 1],
    stream: [undefined, null, true],
    best_of: [undefined, null, 1, 2, 20],
    n: [undefined, null, 2, 20, 21],
    stream_options: [undefined, {}],
  };
  for (const asked of allRequests(values)) {
    const [best, n] = [asked.best_of as number | null ?? null, Number(asked.n ?? 1)];
    const listed = (asked.logprobs ?? false) !== false;
    const right = (!asked.stream || (asked.prompt_logprobs ?? null) === null) &&
      (asked.stream === true || (asked.stream_options ?? null) === null) &&
      (!asked.stream || best === null || best === n) && (best === null || best >= n) &&
      ((asked.logprob_token_ids ?? null) === null || listed) &&
      (asked.max_tokens !== 0 || asked.echo === true || !listed);
    assert.equal(validate(asked), right, JSON.stringify(asked));
  }
});

Deno.test("the document's rules of /v1/chat/completions are the plain ones, for every combination of fields", () => {
  const validate = new Ajv2020({ strict: false }).compile({ allOf: chatRequest.meta()!.allOf });
  const values = {
    logprobs: [undefined, null, true],
    top_logprobs: [undefined, 0, 2],
    logprob_token_ids: [undefined, [1]],
    prompt_logprobs: [undefined, 1],
    stream: [undefined, null, true],
    stream_options: [undefined, null, {}],
    add_generation_prompt: [undefined, null, false, true],
    continue_final_message: [undefined, null, false, true],
  };
  for (const asked of allRequests(values)) {
    const { logprobs, stream, add_generation_prompt: opened, continue_final_message: continued } = asked;
    const right = (!stream || (asked.prompt_logprobs ?? null) === null) &&
      (stream === true || (asked.stream_options ?? null) === null) &&
      (logprobs === true || !asked.top_logprobs && (asked.logprob_token_ids ?? null) === null) &&
      !(opened === true && continued === true);
    assert.equal(validate(asked), right, JSON.stringify(asked));
  }
});
