import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { pathToFileURL } from "node:url";
import { formatPercent } from "../../lib/explorer/words/format.ts";
import {
  assertAccessible,
  assertAccessibleOn,
  browserSuite,
  contextApart,
  counted,
  settled,
  stripTokens,
} from "./browser.ts";
import { clipboard, run, saved } from "./sharing.ts";
import { branch, write } from "./states_exploring.ts";

const browserTest = browserSuite();

browserTest("a link carries text, tokens and settings", {}, async ({ page, server }) => {
  await write(page, 3);
  await page.getByLabel("Temperature, number").fill("1.3");
  await page.keyboard.press("Enter");
  await settled(page);
  const text = await stripTokens(page);
  const link = await clipboard(page, "Copy link", "The link is copied.");
  assert.ok(link.startsWith(`${server.url}/#share=`), link.slice(0, 60));
  const other = await contextApart(page);
  try {
    const there = await other.newPage();
    await there.goto(link);
    await settled(there);
    await there.locator(".tok.appended").nth(2).waitFor();
    assert.deepEqual(await stripTokens(there), text);
    assert.equal(await there.getByLabel("Temperature, number").inputValue(), "1.3");
    assert.equal(new URL(there.url()).hash, "", "a reload goes on with the session, not with the link");
    await there.getByRole("button", { name: "Reset" }).click();
    await there.locator(".tok.appended").first().waitFor({ state: "detached" });
    await there.evaluate((hash) => location.hash = hash, new URL(link).hash);
    await there.locator(".tok.appended").nth(2).waitFor();
    assert.equal(new URL(there.url()).hash, "", "a link that is put into an open page is opened too");
    await there.goto(`${server.url}/#share=broken`);
    await there.getByRole("alert").getByText("The link could not be opened").waitFor();
    await assertAccessible(there, "broken link");
    await there.getByRole("button", { name: "Dismiss" }).click();
    assert.equal(await there.getByRole("alert").count(), 0);
  } finally {
    await other.close();
  }
});

browserTest("the HTML replay plays from a file, without a server", {
  expected: /Failed to load|cannot be reached/,
}, async ({ page, server }) => {
  await branch(page);
  const { path, download } = await saved(page, "HTML replay");
  assert.match(download.suggestedFilename(), /^next-token-\d{4}-\d\d-\d\d-\d{4}-the-best-thing-about\.html$/);
  const file = `${path}.html`;
  await Deno.copyFile(path, file);
  const other = await contextApart(page, { offline: true });
  try {
    await server.close();
    const replay = await other.newPage();
    const asked: string[] = [];
    replay.on("request", (request) => asked.push(request.url()));
    await replay.goto(pathToFileURL(file).href);
    await replay.getByText("Step 1 of 2").waitFor();
    await replay.keyboard.press("End");
    await replay.getByText("The end of the path after 2 steps.").waitFor();
    await replay.locator("#path").selectOption({ label: "Main" });
    await replay.keyboard.press("End");
    await replay.getByText("The end of the path after 3 steps.").waitFor();
    await replay.keyboard.press("Home");
    assert.equal(await replay.locator("#bars li").count(), 11);
    assert.ok(asked.every((url) => url.startsWith("file:")), asked.join());
    await assertAccessible(replay, "replay");
  } finally {
    await other.close();
    await Deno.remove(file);
  }
});

browserTest("a session is saved as JSON and opened again; Undo leads back", {}, async ({ page }) => {
  await branch(page);
  const text = await stripTokens(page);
  const { path } = await saved(page, "JSON");
  await page.fill("#prompt", "Something else");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Something else").first().waitFor();
  await settled(page);
  const now = await stripTokens(page);
  await page.locator(".share-btn").click();
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("menuitem", { name: "Open a saved JSON…" }).click();
  await (await choosing).setFiles(path);
  await page.getByText("The saved session is open.").waitFor();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
  await page.keyboard.press("m");
  await page.getByRole("tab", { name: /Branches 2 paths/ }).waitFor();
  await page.keyboard.press("Control+z");
  await settled(page);
  assert.deepEqual(await stripTokens(page), now);
  await page.reload();
  await settled(page);
  assert.deepEqual(await stripTokens(page), now, "both are stored");
});

browserTest("a damaged session says what is wrong, and changes nothing", {}, async ({ page }) => {
  await write(page, 2);
  const text = await stripTokens(page);
  const { text: json } = await saved(page, "JSON");
  const session = JSON.parse(json);
  session.steps[1].parent = 9999;
  for (
    const [content, problem] of [
      [JSON.stringify(session), "steps[1].parent is 9999, but no node before it has that id."],
      [json.slice(0, 200), "The file is not JSON: it cannot be a saved session."],
      ["{}", "damaged.json cannot be opened."],
    ] as const
  ) {
    await page.locator(".share-btn").click();
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("menuitem", { name: "Open a saved JSON…" }).click();
    await (await choosing).setFiles({
      name: "damaged.json",
      mimeType: "application/json",
      buffer: Buffer.from(content),
    });
    await page.getByRole("alert").getByText(problem).waitFor();
  }
  await assertAccessible(page, "damaged session");
  assert.deepEqual(await stripTokens(page), text);
});

browserTest("CSV, SVG and PNG", {}, async ({ page }) => {
  await settled(page);
  const bars = await saved(page, "CSV One row");
  assert.equal(bars.text.split("\r\n").length, 1 + 10 + 1 + 1, "the bars while there is no step");
  await write(page, 2);
  const steps = await saved(page, "CSV One row");
  assert.match(steps.text, /^path,step,chosen_id/);
  assert.equal(steps.text.split("\r\n").length, 1 + 2 * 11 + 1);
  const svg = await saved(page, "SVG of the bars");
  assert.match(svg.text, /^<\?xml|^<svg/);
  assert.match(svg.text, /temperature 0\.7/);
  const png = await saved(page, "PNG of the bars");
  const bytes = await Deno.readFile(png.path);
  assert.deepEqual([...bytes.slice(1, 4)], [...new TextEncoder().encode("PNG")]);
});

browserTest(
  "the present request as curl and as Python runs and gives the same bars",
  {},
  async ({ page }) => {
    await write(page, 2);
    const first = await page.locator("#bars button .pct").first().textContent();
    const curl = await clipboard(page, "Copy as curl", "The curl command is copied.");
    assert.match(curl, /^# Text: ".+"\n# Model: .+\ncurl -sS 'http:/);
    const answered = await run("curl", ["--version"]) === null ? null : await run("sh", ["-c", curl]);
    const p = answered === null ? null : JSON.parse(answered).dist.tokens[0].p_final * 100;
    if (p !== null) assert.equal(`${p.toFixed(1)}%`, first);
    const program = await clipboard(page, "Copy as Python", "The Python program is copied.");
    assert.match(program, /^# Text: ".+"\n# Model: .+\nimport json\n/);
    const printed = await run("python3", ["-c", program]);
    if (printed === null) return;
    assert.equal(printed.trim().split("\n").length, 10);
    assert.equal(`${Number.parseFloat(printed).toFixed(1)}%`, first);
  },
);

browserTest(
  "a branch at a token of the prompt is exported as it stands: curl, Python, both by text too, a replay",
  {},
  async ({ page }) => {
    await settled(page);
    await page.locator("#strip .tok").nth(3).click();
    await page.getByText("(token 4 of the prompt)").waitFor();
    await settled(page);
    await page.locator("#bars button:not([aria-current=true])").first().click();
    await counted(page, "3 prompt + 1 new");
    await settled(page);
    const text = (await stripTokens(page)).join("");
    const bars = await page.locator("#bars .b:not(.other) .pct").allTextContents();
    const heading = `# Text: ${
      JSON.stringify(text)
    }\n# Model: fake/three-hundred-tokens. Its token ids make the request exact.\n`;
    const curl = await clipboard(page, "Copy as curl", "The curl command is copied.");
    assert.ok(curl.startsWith(heading), curl.slice(0, 200));
    const program = await clipboard(page, "Copy as Python", "The Python program is copied.");
    assert.ok(program.startsWith(heading), program.slice(0, 200));
    const byText = curl.split("# The same by text:\n")[1]!.replaceAll(/^# ?/gm, "");
    for (const command of [curl, byText]) {
      const answered = await run("sh", ["-c", command]);
      if (await run("curl", ["--version"]) === null) break;
      const { dist } = JSON.parse(answered!);
      const kept = dist.tokens.map((token: { p_final: number }) => `${formatPercent(token.p_final)}%`);
      assert.deepEqual(kept, bars);
    }
    const printed = await run("python3", ["-c", program]);
    if (printed !== null) assert.deepEqual(percents(printed), bars);
    const lines = program.split("\n");
    const from = lines.indexOf("# The same by text:") + 1;
    const to = lines.findIndex((line, at) => at >= from && !line.startsWith("#"));
    const other = lines.map((line, at) => at >= from && at < to ? line.replace(/^# ?/, "") : line).join("\n");
    const printedByText = await run("python3", ["-c", other]);
    if (printedByText !== null) assert.deepEqual(percents(printedByText), bars);
    await replays(page, text);
  },
);

/** What the exported program prints first on each line, as the bars write it. */
function percents(printed: string): string[] {
  return printed.trim().split("\n").map((line) => `${formatPercent(Number.parseFloat(line) / 100)}%`);
}

/** The replay of a path of one step shows the whole of its text, and what it was chosen from. */
async function replays(page: Page, text: string): Promise<void> {
  const { path } = await saved(page, "HTML replay");
  const file = `${path}.html`;
  await Deno.copyFile(path, file);
  const other = await contextApart(page, { offline: true });
  try {
    const replay = await other.newPage();
    await replay.goto(pathToFileURL(file).href);
    await replay.locator("#path").selectOption({ label: "Branch B" });
    await replay.getByText("Step 1 of 1").waitFor();
    assert.equal(await replay.locator("#bars .chosen").count(), 1);
    const tokens = replay.locator("#strip .tok");
    assert.equal(await tokens.count(), 4);
    assert.equal(await tokens.last().getAttribute("class").then((name) => name!.includes("prompt")), false);
    await replay.keyboard.press("End");
    await replay.getByText("The end of the path after 1 step").waitFor();
    assert.equal((await tokens.allTextContents()).join(""), text.replaceAll(" ", "")); // drawn as marks
  } finally {
    await other.close();
    await Deno.remove(file);
  }
}

browserTest("axe-core finds nothing in the Share menu", {}, async ({ page }) => {
  await settled(page);
  await page.locator(".share-btn").click();
  await page.getByRole("menu").waitFor();
  await assertAccessibleOn(page, "share");
  assert.ok(await page.getByRole("menu").isVisible());
});
