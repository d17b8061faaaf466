// What was asked of one tokenizer is not held against the tokens of another.
import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import type { Api } from "../../../lib/explorer/asking/api.ts";
import type { Explorer } from "../../../lib/explorer/asking/explorer.ts";
import { createForcedText } from "../../../lib/explorer/asking/forced_text.ts";
import { createTypedTokens } from "../../../lib/explorer/asking/typed_tokens.ts";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { isCurrent } from "../../../lib/explorer/session/question.ts";
import { rootOf } from "../../../lib/explorer/session/tree.ts";
import type { RootNode, Session } from "../../../lib/explorer/session/types.ts";
import { createHints } from "../../../lib/explorer/teach/hints_store.ts";
import type { Token } from "../../../lib/wire/token.ts";
import { token } from "../builders.ts";
import { openWorld } from "../fake_api.ts";
import { until } from "../../until.ts";

/** Two tokenizers cut "ab" in their own ways. */
const CUTS: Readonly<Record<string, readonly Token[]>> = {
  A: [token(1, "ab")],
  B: [token(7, "a"), token(8, "b")],
};

/** A session whose text "ab" was read with this tokenizer, and shows its bars. */
function readWith(session: Session, tokenizerKey: string): Session {
  const { tree, answer, model } = session;
  const root = rootOf(currentTip(tree)!);
  const read: RootNode = { ...root, read: { ...root.read!, tokenizerKey, tokens: CUTS[tokenizerKey]! } };
  const branches = tree.branches.map((branch) => ({ ...branch, tip: read }));
  return {
    ...session,
    tree: { ...tree, branches },
    answer: { ...answer!, node: read },
    model: { ...model, tokenizerKey } as Session["model"],
  };
}

async function twoTokenizers() {
  const world = openWorld({ prompt: "ab" });
  const close = world.explorer.open();
  await world.settled();
  close();
  const session = signal(readWith(world.session, "A"));
  const now = () => (session.value.model as { tokenizerKey: string }).tokenizerKey;
  const tokenize: Api["tokenize"] = () =>
    Promise.resolve({ model_key: "", tokenizer_key: now(), tokens: CUTS[now()]! });
  const explorer: Explorer = { ...world.explorer, session };
  return { session, explorer, api: { ...world.api, tokenize } };
}

Deno.test("the same text under another tokenizer is no unusual one, and is asked about anew", async () => {
  const { session, explorer, api } = await twoTokenizers();
  const asked: string[] = [];
  const tokenize: Api["tokenize"] = (...args) => {
    asked.push(args[0]);
    return api.tokenize(...args);
  };
  const hints = createHints({ explorer, dispatch: () => {}, api: { ...api, tokenize } });
  const close = hints.open();
  const unusual = () => hints.hints.value.filter(({ kind }) => kind === "tokens");
  await until(() => asked.length === 1);
  session.value = readWith(session.value, "B");
  assert.ok(isCurrent(session.value));
  assert.deepEqual(unusual(), [], "the tokens of A say nothing about those of B");
  await until(() => asked.length === 2);
  await Promise.resolve();
  assert.deepEqual(unusual(), []);
  close();
});

Deno.test("text that waits to be forced is counted by the tokenizer that would append it", async () => {
  const { session, explorer, api } = await twoTokenizers();
  const forced = createForcedText(explorer, api);
  const close = forced.open();
  forced.type("ab");
  await until(() => forced.tokens.value.length === 1);
  session.value = readWith(session.value, "B");
  await until(() => forced.tokens.value.length === 2);
  close();
});

Deno.test("a token that was typed for one tokenizer is not used where another one serves by then", async () => {
  const { session, explorer, api } = await twoTokenizers();
  const held = Promise.withResolvers<void>();
  const tokenize: Api["tokenize"] = async (...args) => {
    await held.promise;
    return await api.tokenize(...args);
  };
  const said: string[] = [];
  const typed = createTypedTokens({
    explorer,
    api: { ...api, tokenize },
    onNotice: (text) => void said.push(text),
  });
  const used: number[] = [];
  typed.take({ id: null, text: "ab" }, (id) => void used.push(id));
  session.value = readWith(session.value, "B");
  held.resolve();
  await until(() => said.length === 1);
  assert.equal(used.length, 0);
  assert.match(said[0]!, /Another model/);
  typed.take({ id: null, text: "ab" }, (id) => void used.push(id));
  await until(() => used.length === 1);
  assert.deepEqual(used, [7]);
  typed.stop();
});

Deno.test("what another tokenizer's ids said is found by text where that is one token here", async () => {
  const { explorer, api } = await twoTokenizers();
  const tokenize: Api["tokenize"] = (text) =>
    Promise.resolve({
      model_key: "",
      tokenizer_key: "A",
      tokens: text === "sea" ? [token(3, "sea")] : [token(4, text[0]!), token(5, text.slice(1))],
    });
  const typed = createTypedTokens({ explorer, api: { ...api, tokenize }, onNotice: () => {} });
  const openByte = { ...token(30, "\ufffd"), bytes: [0xc3] };
  const params = { logit_bias: { 10: 1, 20: 2, 30: 3 }, dry_breakers: [] };
  const tokens = [token(10, "sea"), token(20, "ship"), openByte];
  const found = await new Promise((resolve) =>
    typed.takeOver({ tokenizerKey: "B", modelId: "b", tokens, params }, resolve)
  );
  assert.deepEqual(found, new Map([[10, token(3, "sea")]]));
  typed.stop();
});

Deno.test("tokens that are added quickly replace no question of one another, nor of another part", async () => {
  const { explorer, api } = await twoTokenizers();
  const askers: unknown[] = [];
  const tokenize: Api["tokenize"] = (...args) => {
    askers.push(args[3]);
    return api.tokenize(...args);
  };
  const vocabulary: Api["vocabulary"] = (...args) => {
    askers.push(args[2]);
    return api.vocabulary(...args);
  };
  const typed = createTypedTokens({ explorer, api: { ...api, tokenize, vocabulary }, onNotice: () => {} });
  const used: number[] = [];
  const use = (id: number) => void used.push(id);
  typed.take({ id: null, text: "ab" }, use);
  typed.take({ id: null, text: "cd" }, use);
  typed.take({ id: 5, text: "" }, use);
  await until(() => used.length === 3);
  assert.equal(new Set(askers).size, 3);
  assert.ok(!askers.includes(undefined), "the hints ask as nobody in particular");
  typed.stop();
});
