// The researcher: the whole text in numbers and curves, two prompts in lockstep, a list of prompts; by keys and by
// mouse.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertAccessible, browserSuite, counted, settled } from "./browser.ts";
import { expert, write } from "./states_exploring.ts";

const browserTest = browserSuite();

async function openStudy(page: Page): Promise<void> {
  await write(page, 3);
  await expert(page);
  await page.getByRole("tab", { name: /Study/ }).click();
  await page.getByText(/scored tokens · log-probability −[\d.]+ nats/).first().waitFor();
}

async function saved(page: Page, press: () => Promise<void>): Promise<string[]> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return (await Deno.readTextFile(await download.path())).trim().split("\r\n");
}

browserTest("the whole text, and two prompts in lockstep, by keyboard", {}, async ({ page }) => {
  await openStudy(page);
  await page.getByRole("img", { name: /^Surprise and uncertainty of \d+ tokens/ }).waitFor();
  await page.getByText(/^Completion: 3 scored tokens/).waitFor();
  await page.getByLabel("Another prompt (may stay empty)").focus();
  await page.keyboard.type("The cat sat on");
  await page.getByRole("button", { name: "Read both" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText(/^A − B: [+−]?[\d.]+ nats, .*the bars differ by at least/).waitFor();
  assert.equal(
    await page.getByRole("group", { name: "Both readings, token by token" }).locator("tbody tr").count(),
    3,
  );
  const rows = await saved(page, async () => {
    await page.getByRole("button", { name: "Save as CSV" }).focus();
    await page.keyboard.press("Enter");
  });
  assert.equal(rows.length, 1 + 3);
});

browserTest("a path that ends inside a character is read as the tokens that it has", {}, async ({ page }) => {
  await openStudy(page);
  await page.fill("#force", "é");
  await page.keyboard.press("Enter");
  await counted(page, "30 prompt + 5 new");
  await settled(page);
  await page.locator("#candidates").focus();
  await page.keyboard.press("Backspace");
  await counted(page, "30 prompt + 4 new");
  await settled(page);
  const bodies: string[] = [];
  page.on("request", (request) => bodies.push(request.postData() ?? ""));
  await page.getByRole("button", { name: "Read it" }).click();
  await page.getByText(/^One reading by /).waitFor();
  const asked = bodies.filter((body) => body.includes("completion_ids")).map((body) => JSON.parse(body));
  const longest = asked.find(({ completion_ids }) => completion_ids.length === 4);
  assert.equal(longest.completion_ids.at(-1), 0xc3);
  assert.equal(longest.prompt_ids.length, 30);
});

browserTest("a list of prompts as a table, by mouse", {}, async ({ page }) => {
  await openStudy(page);
  await page.getByLabel(/One prompt a line/).fill("The cat\nThe dog\n\n");
  await page.getByRole("button", { name: "Run 2 prompts" }).click();
  const table = page.getByRole("group", { name: "The prompts and what comes next" });
  await table.locator("tbody tr").nth(1).waitFor();
  await assertAccessible(page, "a list of prompts");
  const rows = await saved(page, () => page.getByRole("button", { name: "Save as CSV" }).click());
  assert.match(rows[0]!, /^prompt,tokens,logprob,perplexity,entropy_bits,next_1,p_1/);
  assert.deepEqual(rows.slice(1).map((row) => row.split(",")[0]), ["The cat", "The dog"]);
});

browserTest("what was written in a tab is there when it is shown again", {}, async ({ page }) => {
  await openStudy(page);
  await page.getByLabel(/One prompt a line/).fill("The cat\nThe dog");
  await page.getByLabel("Another prompt (may stay empty)").fill("The sea");
  await page.getByRole("tab", { name: /Branches/ }).click();
  await page.getByRole("button", { name: "What could follow" }).click();
  await page.getByLabel("Tokens ahead", { exact: true }).selectOption("2");
  await page.getByRole("tab", { name: /Study/ }).click();
  await page.waitForFunction(() =>
    [...document.querySelectorAll("textarea")].some(({ value }) => value === "The cat\nThe dog")
  );
  assert.equal(await page.getByLabel("Another prompt (may stay empty)").inputValue(), "The sea");
  await page.getByRole("tab", { name: /Branches/ }).click();
  await page.getByLabel("Tokens ahead", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("Tokens ahead", { exact: true }).inputValue(), "2");
});
