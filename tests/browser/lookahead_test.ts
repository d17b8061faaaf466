import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertAccessible, assertAccessibleOn, browserSuite, settled, stripTokens } from "./browser.ts";
import { branch, expert, write } from "./states_exploring.ts";
import type { PageServer } from "./server.ts";
import type { PreviewInput } from "../../lib/wire/preview.ts";

const browserTest = browserSuite();

async function openAhead(page: Page): Promise<void> {
  await expert(page);
  await page.getByRole("tab", { name: /Branches/ }).click();
  await page.getByText("What could follow").click();
  await page.getByRole("button", { name: "Look ahead", exact: true }).waitFor();
}

const lookAhead = (page: Page) => page.getByRole("button", { name: "Look ahead", exact: true }).click();
const aheadJobs = ({ engine }: PageServer) => engine.jobs.filter(({ client }) => client.endsWith(".ahead"));

browserTest("the most probable continuations, and the way there", {}, async ({ page, server }) => {
  await write(page, 1);
  await openAhead(page);
  await page.getByLabel("Tokens ahead", { exact: true }).selectOption("2");
  await page.getByLabel("Until it knows", { exact: true }).selectOption("25");
  await lookAhead(page);
  await page.getByText(/continuations of 2 tokens hold 2\d\.\d % of the probability/).waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor({ state: "detached" });
  const asked = aheadJobs(server).map(({ input }) => input as PreviewInput);
  assert.equal(asked[0]!.completion_ids.length, 1, "it begins at the end of the text");
  assert.ok(asked.slice(1).every(({ completion_ids }) => completion_ids.length === 2));
  assert.ok(asked.every(({ prompt_ids }) => prompt_ids!.length === asked[0]!.prompt_ids!.length));
  // Best first: what was asked for second is the most probable token.
  const best = await page.locator("#bars button .t").first().textContent();
  const first = page.getByRole("treeitem").first();
  assert.match(
    best ?? "",
    new RegExp((await first.getAttribute("aria-label"))!.split(",")[0]!.split(" ").at(-1)!),
  );
  const before = await stripTokens(page);
  const second = page.locator("[role=treeitem][aria-level='2']").first();
  await second.click();
  await page.locator(".tok.appended").nth(2).waitFor();
  await settled(page);
  const after = await stripTokens(page);
  assert.equal(after.length, before.length + 2);
  assert.equal(await page.getByRole("treeitem").count(), 0, "the tree belongs to the text before");
  await page.keyboard.press("Control+z");
  await settled(page);
  assert.deepEqual(await stripTokens(page), before, "one step of undo");
  // What was appended knows the distribution that it came from.
  await page.keyboard.press("Control+Shift+Z");
  await settled(page);
  await page.locator("#strip .tok.appended").nth(2).click();
  await page.getByText("Choose another bar to branch.").waitFor();
  assert.equal(await page.locator("#bars .chosen").count(), 1);
});

browserTest("a look ahead stops: by hand, by its budget, by another text", { delayMs: 30 }, async (t) => {
  const { page, server } = t;
  await settled(page);
  await openAhead(page);
  await page.getByLabel("Tokens ahead", { exact: true }).selectOption("8");
  await page.getByLabel("Until it knows", { exact: true }).selectOption("90");
  await lookAhead(page);
  await page.getByRole("treeitem").first().waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByText("Stopped.").waitFor();
  const asked = aheadJobs(server).length;
  await page.getByLabel("Model runs at most").selectOption("20");
  await lookAhead(page);
  await page.getByText("after 20 model runs. No more runs were allowed.").waitFor();
  assert.equal(aheadJobs(server).length, asked + 20);
  await lookAhead(page);
  await page.getByText(/after \d+ model runs?\.$/).waitFor();
  await page.keyboard.press("1");
  await page.getByRole("treeitem").first().waitFor({ state: "detached" });
  await settled(page);
  const then = aheadJobs(server).length;
  await page.waitForTimeout(300);
  assert.equal(aheadJobs(server).length, then, "nothing is asked behind a text that is gone");
});

browserTest("two branches side by side: where they part, and how far apart", {}, async ({ page }) => {
  await branch(page);
  await expert(page);
  await page.getByRole("tab", { name: /Branches/ }).click();
  await page.getByRole("button", { name: "Compare two" }).click();
  await page.getByRole("button", { name: /^Main/ }).click();
  await page.getByText(/They part at step 2: [\d.]+ % in Branch B, [\d.]+ % in Main\./).waitFor();
  await page.getByText("Bars where they part").waitFor();
  assert.equal(await page.locator(".compared mark").count(), 2);
  await assertAccessible(page, "compare");
});

browserTest("axe-core finds nothing in the tree of what could follow", {}, async ({ page }) => {
  await settled(page);
  await openAhead(page);
  await lookAhead(page);
  await page.getByRole("treeitem").first().waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor({ state: "detached" });
  await assertAccessibleOn(page, "look ahead");
});

browserTest("more siblings on a press, answers with bounds, a treemap, a table", {}, async ({ page }) => {
  await write(page, 1);
  await openAhead(page);
  await page.getByLabel("Tokens ahead", { exact: true }).selectOption("2");
  await page.getByLabel("Until it knows", { exact: true }).selectOption("25");
  await lookAhead(page);
  await page.getByText(/continuations of 2 tokens hold/).waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor({ state: "detached" });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as CSV" }).click(),
  ]);
  assert.match(await Deno.readTextFile(await download.path()), /^node,parent,depth,id,token,continuation,p,/);
  const more = page.getByRole("treeitem", { name: /more tokens/ });
  if (await more.count() > 0) {
    const key = await more.first().getAttribute("data-key");
    await more.first().focus();
    await page.keyboard.press("Enter");
    await page.locator(`[data-key="${key}"]`).waitFor({ state: "detached" });
  }
  await page.getByRole("radio", { name: "Answers" }).click();
  await page.getByText("Unexplored", { exact: true }).waitFor();
  await page.getByRole("radio", { name: "First word" }).click();
  await page.getByRole("radio", { name: "Treemap" }).click();
  const tiles = page.locator(".map-tile");
  await tiles.first().waitFor();
  await tiles.first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator(".tok.appended").nth(1).waitFor();
  await settled(page);
  await page.keyboard.press("Control+z");
  await tiles.first().waitFor(); // kept for its text
});
