import assert from "node:assert/strict";
import { readKeyPress } from "../../../lib/explorer/page/dom_keys.ts";
import { type KeyPress, moveOfKey } from "../../../lib/explorer/page/keys.ts";

const press = (key: string, changes: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  shift: false,
  alt: false,
  focus: "other",
  singleKeys: true,
  ...changes,
});

Deno.test("digits append candidates 1 to 10", () => {
  assert.deepEqual(moveOfKey(press("1")), { move: "append", index: 0 });
  assert.deepEqual(moveOfKey(press("9")), { move: "append", index: 8 });
  assert.deepEqual(moveOfKey(press("0")), { move: "append", index: 9 });
});

Deno.test("single keys mean nothing in fields, with Alt, or when they are switched off", () => {
  for (const key of [..."1sgrefhltm[?/ ", "Backspace"]) {
    assert.notEqual(moveOfKey(press(key)), null, key);
    assert.equal(moveOfKey(press(key, { focus: "prompt" })), null, key);
    assert.equal(moveOfKey(press(key, { focus: "text" })), null, key);
    if (!"[?/".includes(key)) assert.equal(moveOfKey(press(key, { alt: true })), null, key);
    assert.equal(moveOfKey(press(key, { singleKeys: false })), null, key);
  }
});

Deno.test("Ctrl Z and Ctrl Shift Z are undo and redo, but in fields the browser's own", () => {
  assert.deepEqual(moveOfKey(press("z", { ctrl: true })), { move: "undo" });
  assert.deepEqual(moveOfKey(press("Z", { ctrl: true, shift: true })), { move: "redo" });
  assert.equal(moveOfKey(press("z", { ctrl: true, focus: "prompt" })), null);
  assert.deepEqual(moveOfKey(press("z", { ctrl: true, singleKeys: false })), { move: "undo" });
});

Deno.test("Ctrl Enter starts, in the prompt only; other browser shortcuts stay", () => {
  assert.deepEqual(moveOfKey(press("Enter", { ctrl: true, focus: "prompt" })), { move: "start" });
  assert.equal(moveOfKey(press("Enter", { ctrl: true })), null);
  assert.equal(moveOfKey(press("r", { ctrl: true })), null);
  assert.equal(moveOfKey(press("Enter")), null);
});

Deno.test("what has the focus is told from the element", () => {
  const focus = (target: unknown) =>
    readKeyPress({ key: "a", ctrlKey: false, metaKey: true, shiftKey: false, altKey: false, target }, true)
      .focus;
  assert.equal(focus({ id: "prompt", tagName: "TEXTAREA" }), "prompt");
  assert.equal(focus({ tagName: "INPUT", type: "number" }), "text");
  assert.equal(focus({ tagName: "SELECT" }), "text");
  assert.equal(focus({ tagName: "INPUT", type: "range" }), "control");
  assert.equal(focus({ tagName: "INPUT", type: "checkbox" }), "control");
  assert.equal(focus({ tagName: "BUTTON" }), "control");
  assert.equal(focus({ tagName: "TEXTAREA", closest: (query: string) => query === ".composer" }), "prompt");
  assert.equal(focus({ tagName: "TEXTAREA", closest: () => null }), "text");
  assert.equal(focus(null), "other");
});

Deno.test("a layout without Latin letters or digits has the commands on the same keys", () => {
  const typed = (key: string, code: string, ctrlKey = false) => {
    const event = { key, code, ctrlKey, metaKey: false, shiftKey: false, altKey: false, target: null };
    return moveOfKey(readKeyPress(event, true));
  };
  assert.deepEqual(typed("ы", "KeyS"), { move: "step" });
  assert.deepEqual(typed("п", "KeyG"), { move: "greedy" });
  assert.deepEqual(typed("я", "KeyZ", true), { move: "undo" });
  assert.deepEqual(typed("х", "BracketLeft"), { move: "temperature", by: -0.1 });
  assert.deepEqual(typed("٣", "Digit3"), { move: "append", index: 2 });
  assert.equal(typed("é", "Digit2"), null, "a Latin letter means itself");
  assert.deepEqual(typed("g", "KeyU"), { move: "greedy" }, "Dvorak");
});

Deno.test("the space bar plays, but not where something else takes it", () => {
  assert.deepEqual(moveOfKey(press(" ")), { move: "play" });
  assert.equal(moveOfKey(press(" ", { focus: "control" })), null);
  assert.deepEqual(moveOfKey(press("s", { focus: "control" })), { move: "step" });
});

Deno.test("Escape leaves everywhere", () => {
  for (const focus of ["prompt", "text", "control", "other"] as const) {
    assert.deepEqual(moveOfKey(press("Escape", { focus, singleKeys: false })), { move: "escape" });
  }
});

Deno.test("signs that other layouts have behind AltGr or Option work there too", () => {
  for (const altGr of [{ alt: true }, { alt: true, ctrl: true }]) {
    assert.deepEqual(moveOfKey(press("[", altGr)), { move: "temperature", by: -0.1 });
    assert.deepEqual(moveOfKey(press("/", altGr)), { move: "search" });
    assert.equal(moveOfKey(press("[", { ...altGr, focus: "prompt" })), null);
  }
});
