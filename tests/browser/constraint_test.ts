// The tab "Constraint" in a browser: the worker checks while one types, the bars follow what is in order.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { lastAsked } from "./asked.ts";
import { assertAccessible, browserSuite, contextApart, type PageTest, settled, tabTo } from "./browser.ts";
import { clipboard, saved } from "./sharing.ts";
import { constrain, constrained } from "./states_constraint.ts";
import { expert, write } from "./states_exploring.ts";

const browserTest = browserSuite();

const constraintOf = ({ server }: PageTest) => lastAsked(server).input.constraint;

/** Waits until the bars are those of this constraint. */
async function asked(t: PageTest, schema: string): Promise<void> {
  while (!constraintOf(t).enabled || constraintOf(t).schema !== schema) await t.page.waitForTimeout(20);
  await constrained(t.page);
}

const summary = ({ page }: PageTest) => page.getByRole("tab", { name: /^Constraint/ }).locator("span");

browserTest("an error is marked while one types; the constraint is off until it is mended", {}, async (t) => {
  const { page } = t;
  await settled(page);
  await expert(page);
  await constrain(page, "Grammar", 'root ::= noun verb\nnoun ::= " sea"\nverb ::= " sings" | mood');
  await page.getByRole("alert").getByText("Line 3, column 21").waitFor();
  assert.equal(await page.locator("mark.error").textContent(), "mood");
  assert.equal(await page.locator("#constraint-text").getAttribute("aria-invalid"), "true");
  assert.equal(await summary(t).textContent(), "Grammar: 1 error");
  await page.locator("#bars .cut").first().waitFor({ state: "detached" });
  await page.locator("#constraint-text").press("Control+End");
  await page.keyboard.type('\nmood ::= " loud"');
  await page.locator(".check-ok").waitFor();
  await asked(t, 'root ::= noun verb\nnoun ::= " sea"\nverb ::= " sings" | mood\nmood ::= " loud"');
  assert.equal(await summary(t).textContent(), "Grammar");
});

browserTest("a pointer of a schema is a place in its text", {}, async ({ page }) => {
  await settled(page);
  await expert(page);
  await constrain(page, "JSON schema", '{\n  "type": "object",\n  "minProperties": -1\n}');
  await page.getByRole("alert").getByText("Line 3, column 3 (/minProperties)").waitFor();
  assert.equal(await page.locator("mark.error").textContent(), '"minProperties": -1');
});

browserTest("what may come, where it is written, and why a token is barred", {}, async (t) => {
  const { page } = t;
  await settled(page);
  await expert(page);
  await constrain(page, "Grammar", 'root ::= digit word\ndigit ::= [0-9]\nword ::= "x"');
  await constrained(page);
  await page.locator(".may code").getByText("a digit", { exact: true }).first().waitFor();
  assert.equal(await page.locator("mark.next").textContent(), "[0-9]");
  await page.getByText(/tokens, [\d.<]+ % of the probability/).waitFor();
  const cut = page.locator("#bars .cut").first();
  assert.match((await cut.textContent())!, /blocked by grammar/);
  const why = page.locator(".barred").getByText(/^.*Its byte 1 of \d+ \(.*\) cannot be\. Expected there:/);
  // A pointer that rests tells nothing when something else takes the focus meanwhile; a hand moves on.
  for (let x = 4; !await why.isVisible(); x = x % 40 + 4) {
    await cut.hover({ position: { x, y: 6 } });
    await page.waitForTimeout(100);
  }
  await page.mouse.move(0, 0);
  await page.locator(".barred").waitFor({ state: "detached" });
});

browserTest("what is forced is taken at once by a key", {}, async ({ page }) => {
  await settled(page);
  await expert(page);
  await constrain(page, "Regex", "zebra[0-9]");
  await page.getByText("Forced: only").waitFor();
  await page.getByRole("tab", { name: /^Constraint/ }).focus();
  await page.keyboard.press("a");
  await page.getByText("After “zebra”. The text may not end yet.").waitFor();
  const text = await page.locator("#strip .tok.appended").allTextContents();
  assert.equal(text.join("").replace(/\s/g, ""), "zebra");
});

browserTest("choices are scored as wholes", {}, async ({ page }) => {
  await settled(page);
  await expert(page);
  await constrain(page, "Choices", "the sea\nthe sound\nthat");
  await page.locator("table.choices tbody tr").nth(2).waitFor();
  const shares = await page.locator("table.choices tbody td:nth-child(3)").allTextContents();
  const percent = (share: string) => share.includes("×") ? 0 : Number.parseFloat(share.replace("<", ""));
  const sum = shares.reduce((total, share) => total + percent(share), 0);
  assert.ok(Math.abs(sum - 100) < 0.2, shares.join());
});

browserTest("choices that would stick to the text get their spaces in one click", {}, async (t) => {
  const { page } = t;
  await settled(page);
  await expert(page);
  await constrain(page, "Choices", "sea\nsound");
  await page.getByRole("button", { name: "Begin each with a space" }).click();
  await asked(t, '[" sea"," sound"]');
  assert.equal(await page.locator("#constraint-text").inputValue(), '[" sea"," sound"]');
  await page.locator("table.choices").getByText(" sound").waitFor();
  await page.getByRole("button", { name: "Begin each with a space" }).waitFor({ state: "detached" });
});

browserTest("a constraint is there after a reload, and off in one move", {}, async (t) => {
  const { page } = t;
  await settled(page);
  await expert(page);
  await constrain(page, "Regex", "[a-z ]+");
  await asked(t, "[a-z ]+");
  const { length } = t.server.engine.jobs;
  await page.reload();
  await t.server.engine.submitted(length + 1);
  await asked(t, "[a-z ]+");
  await page.locator("#constraint-text").waitFor();
  await page.getByRole("radio", { name: "Off", exact: true }).click();
  await page.locator("#bars .cut").first().waitFor({ state: "detached" });
  await page.getByRole("radio", { name: "Regex", exact: true }).click();
  assert.equal(await page.locator("#constraint-text").inputValue(), "[a-z ]+");
});

browserTest("a link, a request and a saved session carry the constraint", {}, async (t) => {
  const { page, server } = t;
  await settled(page);
  await expert(page);
  await constrain(page, "Regex", "[0-9]{3} [a-z]+");
  await asked(t, "[0-9]{3} [a-z]+");
  const curl = await clipboard(page, "Copy as curl", "The curl command is copied.");
  const sent = JSON.parse(/--data-raw '([^']+)'/.exec(curl)![1]!);
  assert.deepEqual([sent.constraint.type, sent.constraint.schema], ["regex", "[0-9]{3} [a-z]+"]);
  const session = JSON.parse((await saved(page, "JSON")).text);
  assert.equal(session.settings.constraint.schema, "[0-9]{3} [a-z]+");
  const link = await clipboard(page, "Copy link", "The link is copied.");
  const other = await contextApart(page);
  try {
    const there = await other.newPage();
    const { length } = server.engine.jobs;
    await there.goto(link);
    await server.engine.submitted(length + 1);
    await asked({ ...t, page: there }, "[0-9]{3} [a-z]+");
    await expert(there);
    await there.getByRole("tab", { name: "Constraint Regex" }).waitFor();
  } finally {
    await other.close();
  }
});

browserTest(
  "forced tokens are marked, after a reload too; the replay shows what was barred",
  {},
  async (t) => {
    const { page } = t;
    await settled(page);
    await expert(page);
    await constrain(page, "Regex", "[0-9]-(a|b)");
    await asked(t, "[0-9]-(a|b)");
    await page.getByRole("tab", { name: /^Constraint/ }).focus();
    await page.keyboard.press("g"); // a digit, of many
    await page.getByText(/After “\d”/).waitFor();
    await page.keyboard.press("g"); // the hyphen: nothing else is left
    await page.getByText(/After “\d-”/).waitFor();
    const marked = () =>
      page.locator("#strip .tok.appended").evaluateAll((all) => {
        return all.map((each) => each.classList.contains("forced"));
      });
    assert.deepEqual(await marked(), [false, true]);
    const { path } = await saved(page, "HTML replay");
    await Deno.copyFile(path, `${path}.html`);
    const replay = await page.context().newPage();
    await replay.goto(pathToFileURL(`${path}.html`).href);
    await replay.getByText("Step 1 of 2").waitFor();
    await replay.locator("#bars .cut").first().waitFor();
    await Deno.remove(`${path}.html`);
    await page.reload();
    await page.locator("#strip .tok.appended").nth(1).waitFor();
    await settled(page);
    assert.deepEqual(await marked(), [false, true]);
  },
);

browserTest(
  "a text that leaves a new constraint is shown with the place, and a way out",
  { expected: /status of 400/ },
  async ({ page }) => {
    await settled(page);
    await expert(page);
    await write(page, 2);
    await constrain(page, "Regex", "[0-9]+");
    await page.locator(".xray").getByText(/^The text left the constraint at its byte 1\./).waitFor();
    await page.locator(".xray").getByText("Expected there").waitFor();
    assert.ok((await page.locator(".xray .forced-next code").last().textContent())!.length > 0);
    await assertAccessible(page, "a text outside its constraint");
    await page.locator(".xray").getByRole("button", { name: "Turn the constraint off" }).click();
    await page.getByText("No constraint: every token may follow.").waitFor();
    await settled(page);
  },
);

browserTest("what is written waits while another tab is open", {}, async ({ page }) => {
  await settled(page);
  await expert(page);
  await constrain(page, "Regex", "(a");
  await page.getByRole("tab", { name: /^Branches/ }).click();
  await page.getByRole("tab", { name: "Constraint Regex: 1 error" }).click();
  assert.equal(await page.locator("#constraint-text").inputValue(), "(a");
  await page.getByRole("alert").getByText(/The constraint is off until this is fixed/).waitFor();
});

browserTest("the keyboard alone: tab, kind, text, example", {}, async (t) => {
  const { page } = t;
  await settled(page);
  await expert(page);
  await tabTo(page, /^Sampling/, "Tab", "[role=tab]");
  await page.keyboard.press("ArrowRight");
  await tabTo(page, /^Off/, "Tab", "[role=radio]");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.locator("#constraint-text").waitFor();
  await tabTo(page, /^Regex/, "Tab", "textarea");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("[a-z]+");
  await asked(t, "[a-z]+");
  await tabTo(page, /^A price$/, "Tab", "button");
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#constraint-text").inputValue(), /€/);
});
