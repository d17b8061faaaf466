import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertAccessible, assertAccessibleOn, browserSuite, settled, tabTo } from "./browser.ts";
import { write } from "./states_exploring.ts";
import { answerAttributions, type AttributionServer, openAttribution } from "./attribution_server.ts";

const browserTest = browserSuite();

const explain = (page: Page) => page.getByRole("button", { name: "Explain", exact: true }).click();
const strongest = (page: Page) => page.locator(".attr-list li");
const lastBody = ({ asked }: AttributionServer) => asked.at(-1)!;

browserTest(
  "Explain colours the text, lists the strongest tokens and says how far to trust it",
  {},
  async ({ page }) => {
    const server = await answerAttributions(page);
    await write(page, 2);
    await openAttribution(page);
    await page.getByText(/Takes about 2 s/).waitFor();
    await explain(page);
    await strongest(page).first().waitFor();
    const tokens = await page.locator("#strip .tok").count();
    assert.equal(
      await page.locator("#strip .tok[class*=heat-a], #strip .tok[class*=heat-b]").count(),
      tokens,
    );
    assert.match(
      await page.locator("#strip .tok").first().getAttribute("aria-label") ?? "",
      /attribution [+−]/,
    );
    await page.getByText("1.24 nats").first().waitFor();
    await page.getByText("Faithful", { exact: true }).waitFor();
    await page.getByText("Attribution shows influence, not reasons.").waitFor();
    const body = lastBody(server);
    assert.equal(body.method, "occlusion");
    assert.equal(body.completion_ids!.length, 2);
    assert.equal(await page.locator("#heat").inputValue(), "attribution");
    await page.keyboard.press("1");
    await page.getByText("Explain again").waitFor();
  },
);

browserTest("moving the pointer over the bars asks once, for where it rests", {}, async ({ page }) => {
  const server = await answerAttributions(page);
  await settled(page);
  await openAttribution(page);
  await explain(page);
  await strongest(page).first().waitFor();
  const before = server.asked.length;
  const bars = page.locator("#bars button");
  await bars.nth(1).scrollIntoViewIfNeeded();
  const boxes = await Promise.all([1, 2, 3, 4, 5].map((at) => bars.nth(at).boundingBox()));
  // Sent together: waiting for each would be resting on it where the machine is busy.
  await Promise.all(boxes.map((box) => page.mouse.move(box!.x + 60, box!.y + 10)));
  await page.waitForTimeout(600);
  assert.equal(server.asked.length, before + 1);
  assert.equal(lastBody(server).faithfulness, undefined);
  await page.locator("#prompt").hover();
});

browserTest("a slow method shows its progress and is cancelled", {}, async ({ page }) => {
  const server = await answerAttributions(page, { hold: true });
  await settled(page);
  await openAttribution(page);
  await page.getByLabel("Method", { exact: true }).selectOption("integrated_gradients");
  await explain(page);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("progressbar", { name: "Integrated gradients" }).waitFor({ state: "detached" });
  assert.equal(server.asked.length, 1);
  assert.equal(lastBody(server).steps, "converging");
});

browserTest(
  "an integral that did not converge is not to be trusted; a refusal is said",
  {},
  async ({ page }) => {
    const server = await answerAttributions(page);
    await settled(page);
    await openAttribution(page);
    await page.getByLabel("Method", { exact: true }).selectOption("integrated_gradients");
    await explain(page);
    await page.getByText("Do not trust this picture").waitFor();
    server.refuse("The operator Foo has no rule; attention and occlusion work.");
    await page.getByLabel("Method", { exact: true }).selectOption("saliency");
    await explain(page);
    await page.getByRole("alert").getByText("The operator Foo has no rule").waitFor();
  },
);

browserTest("by keyboard: the method, A against B, Explain", {}, async ({ page }) => {
  const server = await answerAttributions(page);
  await settled(page);
  await openAttribution(page);
  await tabTo(page, /Attribution/, "Tab", "[role=tab]");
  await tabTo(page, /Method/, "Tab", "select");
  for (let row = 0; row < 3; row++) await page.keyboard.press("ArrowDown");
  await tabTo(page, /Rather than/, "Tab", "select");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, /^Explain$/);
  await page.keyboard.press("Enter");
  await strongest(page).first().waitFor();
  assert.equal(lastBody(server).method, "saliency");
  assert.equal(typeof lastBody(server).contrast_token_id, "number");
});

browserTest(
  "a press on a part of the model removes it: predicted and real side by side",
  {},
  async ({ page }) => {
    const server = await answerAttributions(page);
    await settled(page);
    await openAttribution(page);
    await page.getByLabel("Method", { exact: true }).selectOption("direct_logit");
    await explain(page);
    const grid = page.getByRole("grid", { name: "Parts of the model by layer" });
    await grid.waitFor();
    assert.equal(await grid.getByRole("button").count(), 7);
    await page.getByText("add up to the logit, 4.250; nothing is left over").waitFor();
    const names = await page.locator(".attr-list .t").evaluateAll((all) =>
      all.map((each) => each.scrollWidth <= each.clientWidth)
    );
    assert.ok(names.length > 0 && names.every((whole) => whole), "the names of parts are cut");
    await tabTo(page, /^embedding/, "Tab", ".attr-cell");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByText("Without layer 0 head 1").waitFor();
    assert.deepEqual(lastBody(server).remove, [{ kind: "head", layer: 0, head: 1 }]);
    assert.equal(await grid.locator("[aria-pressed=true]").count(), 1);
    await page.getByRole("row", { name: "<5> 70.0 % 10.0 % 30.0 %" }).waitFor();
    await assertAccessible(page, "parts of the model");
  },
);

browserTest("the logit lens, and a head of attention on the text", {}, async ({ page }) => {
  const server = await answerAttributions(page);
  await settled(page);
  await openAttribution(page);
  await page.getByLabel("Method", { exact: true }).selectOption("logit_lens");
  await explain(page);
  await page.getByText("is first from after layer 1 on; its best rank before is 4.").waitFor();
  await assertAccessible(page, "logit lens");
  await page.getByLabel("Method", { exact: true }).selectOption("attention");
  await explain(page);
  await page.getByRole("button", { name: /^layer 0 head 1 looks most/ }).click();
  await page.getByRole("button", { name: /^layer 0 head 1/, pressed: true }).waitFor();
  assert.deepEqual([lastBody(server).layer, lastBody(server).head], [0, 1]);
  await page.getByText("Layer 0, head 1").waitFor({ state: "attached" });
  await assertAccessible(page, "heads");
});

browserTest("axe-core finds nothing in attribution", {}, async ({ page }) => {
  await answerAttributions(page);
  await write(page, 2);
  await openAttribution(page);
  await explain(page);
  await strongest(page).first().waitFor();
  await page.getByRole("button", { name: "Compare all methods" }).click();
  await page.locator(".attr-table tbody tr").first().waitFor();
  const screens = [["light", 1440], ["dark", 1440], ["light", 390], ["dark", 390]] as const;
  await assertAccessibleOn(page, "attribution", screens);
});
