import assert from "node:assert/strict";
import { createKnownAnswers } from "../../../lib/explorer/asking/known_answers.ts";
import { dist, path, readRoot } from "../builders.ts";

Deno.test("a distribution belongs to the ids of a path, whichever nodes they are", () => {
  const known = createKnownAnswers();
  const here = dist(0.5);
  known.set(path(readRoot(1, 10, 11), 20, 21), "k", here);
  assert.equal(known.get(path(readRoot(2, 10, 11), 20, 21), "k"), here);
  assert.equal(known.get(path(readRoot(1, 10, 11), 20, 22), "k"), undefined);
  assert.equal(known.get(path(readRoot(1, 10, 11), 20, 21), "other settings"), undefined);
});

Deno.test("where the prompt ends belongs to a place: penalties count from there", () => {
  const known = createKnownAnswers();
  known.set(path(readRoot(1, 10, 11), 20), "k", dist(0.5));
  assert.equal(known.get(path(readRoot(1, 10), 11, 20), "k"), undefined);
  assert.equal(known.get(readRoot(1, 10, 11, 20), "k"), undefined);
});

Deno.test("what stands behind a token is known when the token is appended", () => {
  const known = createKnownAnswers();
  const root = readRoot(1, 10, 11);
  const next = dist(0.25);
  known.setBehind(path(root, 20), 21, "k", next);
  assert.equal(known.behind(path(root, 20), 21, "k"), next);
  assert.equal(known.get(path(root, 20, 21), "k"), next);
});

Deno.test("ids that read alike when they are joined are different paths", () => {
  const known = createKnownAnswers();
  known.set(path(readRoot(1, 1), 12), "k", dist(0.5));
  assert.equal(known.get(path(readRoot(1, 11), 2), "k"), undefined);
  assert.equal(known.get(path(readRoot(1, 1, 12)), "k"), undefined);
});

Deno.test("the least recently used go first", () => {
  const known = createKnownAnswers();
  const root = readRoot(1, 1);
  for (let id = 0; id < 300; id++) known.set(path(root, id), "k", dist(0.5));
  known.get(path(root, 0), "k");
  known.set(path(root, 300), "k", dist(0.5));
  assert.ok(known.get(path(root, 0), "k"));
  assert.equal(known.get(path(root, 1), "k"), undefined);
});
