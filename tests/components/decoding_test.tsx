import assert from "node:assert/strict";
import { render } from "preact-render-to-string";
import { PARTS } from "../gallery/parts.tsx";

function html(name: string): string {
  const part = PARTS.find((part) => part.name === name);
  assert.ok(part, `no part "${name}"`);
  return render(<div>{part.content}</div>);
}

Deno.test("no part has an inline style: the page's policy forbids them", () => {
  for (const { name } of PARTS) assert.doesNotMatch(html(name), / style=/, name);
});

Deno.test("every list of buttons is one stop for Tab", () => {
  for (const { name } of PARTS.filter(({ name }) => name.startsWith("Bars"))) {
    const stops = html(name).match(/<button[^>]* tabindex="0"/g) ?? [];
    assert.equal(stops.length, 1, name);
  }
});

Deno.test("a removed token can be pressed, says why it was removed and what it had", () => {
  const bars = html("Bars: expert, removed tokens");
  const cut = bars.match(/<button[^>]*class="b cut"[^>]*>.*?<\/button>/g)!;
  assert.ok(cut.length > 0);
  for (const button of cut) {
    assert.doesNotMatch(button, /aria-disabled/);
    assert.match(button, /–/);
    assert.match(button, /<span class="sr"> cut by top-p<\/span>/);
    assert.match(button, /<span class="sr"> raw <\/span>/);
  }
});

Deno.test("bars that are old cannot be appended, but the ledger opens", () => {
  const bars = html("Bars: only tokens far down are allowed");
  assert.equal(bars.match(/aria-disabled="true"/g)?.length, 3); // the kept ones
});

Deno.test("raw ticks are for the expert view", () => {
  assert.doesNotMatch(html("Bars: simple, a bar under the pointer"), /raw-tick/);
  assert.match(html("Bars: expert, removed tokens"), /raw-tick/);
});

Deno.test("a preset is a radio, the chosen one the stop", () => {
  const panel = html("Sampling: custom, a removed token");
  assert.match(panel, /role="radio"[^>]*aria-checked="true"[^>]*tabindex="0"[^>]*>Custom</);
  assert.match(panel, /Bring it back:/);
});

Deno.test("Chat without a template says so and cannot be chosen", () => {
  const mode = html("Mode: no template");
  assert.match(mode, /aria-disabled="true"[^>]*data-tip="This model has no chat template\."/);
});

Deno.test("the editor warns of special tokens and goes on with a prefill", () => {
  const chat = html("Chat: prefill, special tokens in a message");
  assert.match(chat, /aria-describedby="message-3-warning"/);
  assert.match(chat, /Continue the last message/);
  assert.match(html("Chat: the template refuses"), /role="alert"/);
});

Deno.test("the draw is told in words", () => {
  assert.match(html("Bars: a draw"), /Drew <b>0\.080<\/b>: it lands in/);
});
