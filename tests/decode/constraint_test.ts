// Constraints in every job that takes settings, over the fake model.
import assert from "node:assert/strict";
import { ConstraintPositions } from "../../lib/decode/constraint_positions.ts";
import { sample } from "../../lib/decode/sample.ts";
import type { LanguageModel } from "../../lib/decode/types.ts";
import { fault, faultOf } from "../../lib/fault.ts";
import { NEUTRAL_PARAMS } from "../../lib/sampling/params.ts";
import { FAKE_EOS_ID, FAKE_VOCAB_SIZE, fakeEncode } from "../fake_model.ts";
import { fakeCodec, fakeLanguage } from "../fake_language.ts";
import { FAKE_INFO } from "../fakes.ts";
import { type Body, finish, runPreview, runStep, runVocabulary } from "./jobs.ts";

const model = fakeLanguage(FAKE_INFO);
const FRANCE = {
  prompt: "The capital of France is",
  params: { top_p: 1, temperature: 1, repetition_penalty: 1 },
};
const never = new AbortController().signal;
const regex = (schema: string) => ({ constraint: { enabled: true, type: "regex", schema } });
const id = (text: string) => fakeEncode(text)[0]!;

/** Expects the fault invalid_request at a field, its sentence like `pattern`. */
const refused = (field: string, pattern: RegExp) => (error: unknown) => {
  assert.deepEqual([faultOf(error)?.code, faultOf(error)?.field], ["invalid_request", field]);
  assert.match((error as Error).message, pattern);
  return true;
};

Deno.test("a preview shows what the mask does, as a stage of its own and in words", async () => {
  const body = { ...FRANCE, ...regex(" (Paris|the) city"), top_k: FAKE_VOCAB_SIZE, include: ["stages"] };
  const { dist, warnings } = await runPreview(model, body);
  const free = (await runPreview(model, { ...FRANCE, top_k: FAKE_VOCAB_SIZE })).dist;
  assert.deepEqual([dist.constraint_active, dist.constraint_type, warnings], [true, "regex", []]);
  const allowed = [id(" "), id(" Paris"), id(" the")];
  assert.deepEqual(dist.tokens.filter(({ valid }) => valid).map((token) => token.id).sort(), allowed.sort());
  assert.ok(dist.tokens.every(({ valid, kept, removed_by }) => valid ? kept : removed_by === "constraint"));
  const mass = free.tokens.filter((token) => allowed.includes(token.id)).reduce(
    (sum, t) => sum + t.p_final,
    0,
  );
  const state = dist.constraint!;
  assert.ok(Math.abs(state.masked_mass - (1 - mass)) < 1e-12 && state.masked_mass === dist.masked_mass);
  assert.ok(Math.abs(state.kl_bits - -Math.log2(mass)) < 1e-9);
  assert.deepEqual(dist.stages.map(({ name, kept }) => [name, kept]), [["constraint", 3]]);
  assert.deepEqual([state.may_end, state.must_end, state.allowed, state.only_unusual], [
    false,
    false,
    3,
    false,
  ]);
  assert.deepEqual(state.expected.map(({ what }) => what), ['" "']);
  assert.deepEqual(state.forced, { text: " ", ids: [id(" ")], ends: false });
  const p = new Map(free.tokens.map((token) => [token.id, token.p_final]));
  for (const token of dist.tokens) {
    const expected = token.valid ? p.get(token.id)! / mass : 0;
    assert.ok(Math.abs(token.p_final - expected) < 1e-12);
  }
});

Deno.test("the text of the prompt is no part of the constraint's, the completion's is", async () => {
  const at = async (completion: string) => {
    const { dist } = await runPreview(model, {
      ...FRANCE,
      ...regex(" Paris\\.?"),
      completion_ids: fakeEncode(completion),
      top_k: FAKE_VOCAB_SIZE,
    });
    return [
      dist.tokens.filter(({ valid }) => valid).map((token) => token.id).sort(),
      dist.constraint,
    ] as const;
  };
  assert.deepEqual((await at(" P"))[0], [id("a")]);
  const [whole, state] = await at(" Paris");
  assert.deepEqual(whole, [id("."), 46, FAKE_EOS_ID].filter((one, i, all) => all.indexOf(one) === i).sort());
  assert.deepEqual([state!.may_end, state!.must_end], [true, false]);
  const [end, last] = await at(" Paris.");
  assert.deepEqual([end, last!.must_end], [[FAKE_EOS_ID], true]);
});

Deno.test("a text that leaves the constraint is refused with the token, the byte and what was expected", async () => {
  const preview = (body: Body) => runPreview(model, { ...FRANCE, ...body });
  await assert.rejects(
    preview({ ...regex("a\\d"), completion_ids: fakeEncode("a") }).then(() => {
      return preview({ ...regex("a\\d"), completion_ids: [97, 98] });
    }),
    refused("completion_ids[1]", /so far .* Token "b" \(98\) .* byte 0 \(0x62 "b"\)\. Expected: a digit/),
  );
  await assert.rejects(
    preview({ ...regex("a\\d"), completion_ids: [97, FAKE_EOS_ID] }),
    refused("completion_ids[1]", /cannot end here with <\|end\|> \(token \d+\)\. Expected: a digit/),
  );
  await assert.rejects(preview(regex("(")), refused("constraint", /\.$/));
});

Deno.test("what is forced is held to the constraint before anything is computed", async () => {
  const counting = fakeLanguage(FAKE_INFO);
  const step = (body: Body) => runStep(counting, { ...FRANCE, ...regex(" (Paris|the city)\\."), ...body });
  await assert.rejects(
    step({ force_token_id: id(" a") }),
    refused(
      "force_token_id",
      /^Token " a" \(\d+\) leaves .* byte 1 \(0x61 "a"\)\. Expected: "P", or "t"\.$/,
    ),
  );
  await assert.rejects(step({ force_token_id: FAKE_EOS_ID }), refused("force_token_id", /cannot end here/));
  await assert.rejects(step({ force_text: " the cat" }), refused("force_text", /"a"/));
  assert.equal(counting.computed, 0);
  const inside = await step({ force_text: " the city", include: ["next"] });
  assert.deepEqual(inside.new_completion_ids, fakeEncode(" the city"));
  assert.ok(inside.appended_meta.every(({ dist }) => dist.constraint_active));
  assert.deepEqual(inside.next!.constraint!.forced, { text: ".", ids: fakeEncode("."), ends: true });
});

Deno.test("a text that must end is done, and nothing follows an end", async () => {
  const path = { ...FRANCE, ...regex(" Paris\\."), completion_ids: fakeEncode(" Paris"), include: ["next"] };
  const last = await runStep(model, path);
  assert.deepEqual([last.appended[0]!.text, last.done, last.stop_reason], [".", true, "constraint_end"]);
  assert.deepEqual([last.next!.constraint!.must_end, last.next!.kept_token_count], [true, 1]);
  const end = await runStep(model, { ...path, completion_ids: last.new_completion_ids });
  assert.deepEqual([end.selected!.id, end.stop_reason, end.next], [FAKE_EOS_ID, "eos_token", null]);
  const over = { ...path, completion_ids: end.new_completion_ids };
  const nothing = await runStep(model, over);
  assert.deepEqual([nothing.selected, nothing.stop_reason, nothing.next], [null, "constraint_end", null]);
  assert.deepEqual(nothing.new_completion_ids, end.new_completion_ids);
  const shown = await runPreview(model, over);
  assert.deepEqual([shown.dist.constraint_active, shown.dist.constraint], [false, undefined]);
  assert.match(shown.warnings[0]!, /text is over/);
  const endless = fakeLanguage({ ...FAKE_INFO, eosTokenIds: [] });
  const done = await runStep(endless, { ...path, completion_ids: fakeEncode(" Paris.") });
  assert.deepEqual([done.appended, done.stop_reason, done.next], [[], "constraint_end", null]);
});

Deno.test("an end-of-text token may come exactly where the text may end", async () => {
  for (const [text, may] of [["", false], ["a", true], ["ab", false], ["aba", true]] as const) {
    const body = { ...FRANCE, ...regex("a(ba)*"), completion_ids: fakeEncode(text), top_k: FAKE_VOCAB_SIZE };
    const { dist } = await runPreview(model, body);
    assert.equal(dist.tokens.find((token) => token.id === FAKE_EOS_ID)!.valid, may, text);
    assert.equal(dist.eos_p > 0, may);
  }
});

Deno.test("walks through the mask end in texts of the constraint", async () => {
  const schema =
    '{"type":"object","properties":{"a":{"type":"boolean"},"b":{"enum":[1,"é"]}},"required":["a"],"additionalProperties":false}';
  const constraint = { enabled: true, type: "json_schema", schema };
  for (let seed = 0; seed < 8; seed++) {
    let ids: readonly number[] = [];
    let done = false;
    while (!done) {
      const params = { ...FRANCE.params, seed };
      const step = await runStep(model, { ...FRANCE, params, constraint, completion_ids: ids });
      ids = step.new_completion_ids;
      done = step.done;
      assert.ok(ids.length < 80);
    }
    const value = JSON.parse(new TextDecoder().decode(
      Uint8Array.from(ids.filter((id) => id !== FAKE_EOS_ID).flatMap((id) => [...fakeCodec.bytes(id)])),
    ));
    assert.equal(typeof value.a, "boolean");
    assert.ok(value.b === undefined || value.b === 1 || value.b === "é");
  }
});

Deno.test("the vocabulary lists what is barred, and samples end with the constraint", async () => {
  const { tokens } = await runVocabulary(model, { ...FRANCE, ...regex(" Paris"), limit: FAKE_VOCAB_SIZE });
  assert.deepEqual(
    tokens.filter(({ valid }) => valid).map((t) => t.id).sort(),
    [id(" "), id(" Paris")].sort(),
  );
  const input = {
    ...{ prompt_ids: fakeEncode(FRANCE.prompt), params: { ...NEUTRAL_PARAMS, greedy: true } },
    constraint: { enabled: true, type: "regex" as const, schema: " Paris" },
    ...{ ban_end: false, banned_ids: [], allowed_ids: null, logprobs: null },
  };
  const drawn = await finish(sample({ ...input, completion_ids: [] }, model, never, 0.5));
  assert.deepEqual([drawn.token!.id, drawn.end], [id(" Paris"), "constraint_end"]);
  const over = [id(" Paris"), FAKE_EOS_ID];
  const after = await finish(sample({ ...input, completion_ids: over }, model, never, 0.5));
  assert.deepEqual([after.token, after.end], [null, "constraint_end"]);
});

Deno.test("no token left is a sentence that says why", async () => {
  const nothing: LanguageModel = {
    ...model,
    constraints: {
      async at(constraint, ids, signal) {
        const answer = await model.constraints.at(constraint, ids, signal);
        return answer.fits ? { ...answer, allowed: 0, mask: answer.mask.map(() => 0) } : answer;
      },
    },
  };
  await assert.rejects(
    runPreview(nothing, { ...FRANCE, ...regex("b") }),
    refused("constraint", /No token of the vocabulary can go on .* "b".* must come\.$/),
  );
  const first = { ...FRANCE.params, top_k: 1, stages: ["top_k", "constraint"] };
  await assert.rejects(
    runPreview(model, { ...FRANCE, params: first, ...regex("b") }),
    refused("constraint", /allows none of the 1 tokens that are left/),
  );
});

Deno.test("what was known of a path without a constraint is no answer with one", async () => {
  const free = await runPreview(model, FRANCE);
  const bound = await runPreview(model, { ...FRANCE, ...regex("b") });
  const other = await runPreview(model, { ...FRANCE, ...regex("c") });
  const again = await runPreview(model, FRANCE);
  const kept = [free, bound, other, again].map(({ dist }) => dist.kept_token_count);
  assert.deepEqual(kept, [FAKE_VOCAB_SIZE, 1, 1, FAKE_VOCAB_SIZE]);
  assert.notDeepEqual(bound.dist.kept_top, other.dist.kept_top);
});

Deno.test("a position is read once; a reader that was stopped is what the request says", async () => {
  let asked = 0;
  const positions = (answer: () => Promise<never>) =>
    new ConstraintPositions(fakeCodec, { size: FAKE_VOCAB_SIZE, key: "k", ends: [FAKE_EOS_ID] }, answer);
  const stopped = positions(() => {
    asked++;
    return Promise.reject(fault("unsupported", "The constraint took longer than 4 seconds and was stopped."));
  });
  const ask = () => runPreview({ ...model, constraints: stopped }, { ...FRANCE, ...regex("b") });
  await assert.rejects(ask(), refused("constraint", /was stopped/));
  await assert.rejects(ask());
  assert.equal(asked, 2, "a failure is not kept");
  const once = fakeLanguage(FAKE_INFO);
  const constraint = { enabled: true, type: "regex", schema: "b" } as const;
  assert.equal(
    await once.constraints.at(constraint, [], never),
    await once.constraints.at(constraint, [], never),
  );
});
