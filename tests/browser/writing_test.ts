import assert from "node:assert/strict";
import { fakeEncode, fakeNextToken } from "../fake_model.ts";
import { lastAsked, rightAnswer } from "./asked.ts";
import { browserSuite, counted, focusInBars, settled, stripTokens } from "./browser.ts";

const browserTest = browserSuite();
const PROMPT = "The capital of France is";

/** Candidates for a text, as the fake model has them. */
function candidates(ids: readonly number[] | null, text: string | null = null, temperature = 0.7) {
  return fakeNextToken({ text, ids, top_k: 10, temperature }).candidates;
}

browserTest("type, Start, click three bars, Greedy, undo, redo, reset", {}, async ({ page, server }) => {
  await settled(page); // the first prompt has answered by itself
  await page.fill("#prompt", PROMPT);
  assert.match(await page.locator("#start").getAttribute("class") ?? "", /primary/);
  await page.click("#start");
  await counted(page, "5 tokens");
  await settled(page);
  assert.equal((await stripTokens(page)).join(""), PROMPT);
  const first = page.locator("#bars button").first();
  assert.match(await first.innerText(), /1\s*Paris/);
  assert.doesNotMatch(await page.locator("#start").getAttribute("class") ?? "", /primary/);

  let ids = [...fakeNextToken({ text: PROMPT, ids: null, top_k: 1, temperature: 1 }).ids];
  for (const index of [0, 2, 1]) {
    const chosen = candidates(ids)[index]!;
    await page.locator("#bars button").nth(index).click();
    ids = [...ids, chosen.id];
    await settled(page);
    assert.equal((await stripTokens(page)).at(-1), chosen.token);
  }
  assert.deepEqual(
    lastAsked(server).ids,
    ids,
    "after a click the page sends ids, not text",
  );
  assert.equal(lastAsked(server).text, "");
  await counted(page, "5 prompt + 3 new");

  await page.getByRole("button", { name: "Greedy" }).click();
  await counted(page, "5 prompt + 4 new");
  await settled(page);
  assert.equal((await stripTokens(page)).at(-1), candidates(ids)[0]!.token);

  const text = await stripTokens(page);
  await page.getByRole("button", { name: "Undo" }).click();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text.slice(0, -1));
  await page.getByRole("button", { name: "Redo" }).click();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
  await page.getByRole("button", { name: "Delete the last token" }).click();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text.slice(0, -1));
  await page.getByRole("button", { name: "Reset" }).click();
  await settled(page);
  assert.equal((await stripTokens(page)).join(""), PROMPT);
  await page.getByRole("button", { name: "Undo" }).click();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text.slice(0, -1), "Reset can be undone");
});

browserTest("everything by keyboard alone", {}, async ({ page }) => {
  await settled(page);
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the candidates");
  await page.keyboard.press("e");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
  await page.keyboard.press("Control+A");
  await page.keyboard.type(PROMPT + " 1g");
  assert.equal(await page.inputValue("#prompt"), PROMPT + " 1g", "single keys are text in a field");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Control+Enter");
  await counted(page, "5 tokens");
  await settled(page);
  await focusInBars(page);
  assert.match(await focused(), /Paris/, "after Start the first bar has the focus");

  await page.keyboard.press("ArrowDown");
  const second = candidates(fakeNextToken({ text: PROMPT, ids: null, top_k: 1, temperature: 1 }).ids)[1]!;
  assert.match(await focused(), /^2/);
  await page.keyboard.press("Enter");
  await counted(page, "5 prompt + 1 new");
  await settled(page);
  assert.equal((await stripTokens(page)).at(-1), second.token);
  assert.match(await focused(), /^1/, "after an append the first bar has the focus");

  await page.keyboard.press("3");
  await counted(page, "5 prompt + 2 new");
  await settled(page);
  await page.keyboard.press("0");
  await counted(page, "5 prompt + 3 new");
  await settled(page);
  await page.keyboard.press("g");
  await counted(page, "5 prompt + 4 new");
  await settled(page);
  await page.keyboard.press("Control+z");
  await counted(page, "5 prompt + 3 new");
  await page.keyboard.press("Control+Shift+Z");
  await counted(page, "5 prompt + 4 new");
  await page.keyboard.press("Backspace");
  await counted(page, "5 prompt + 3 new");
  await page.keyboard.press("r");
  await counted(page, "5 tokens");
  await page.keyboard.press("]");
  assert.equal(await page.getByLabel("Temperature, number").inputValue(), "0.8");
  await page.keyboard.press("[");
  await page.keyboard.press("[");
  assert.equal(await page.getByLabel("Temperature, number").inputValue(), "0.6");
  await page.keyboard.press("t");
  await page.locator("table").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "hidden" });
});

browserTest(
  "Home, End and the arrows move inside the bars, which are one stop for Tab",
  {},
  async ({ page }) => {
    await settled(page);
    await page.locator("#bars button").first().focus();
    const rank = () => page.evaluate(() => document.activeElement?.querySelector(".rank")?.textContent);
    await page.keyboard.press("End");
    assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ""), /^Other/);
    await page.keyboard.press("ArrowUp");
    assert.equal(await rank(), "10");
    await page.keyboard.press("ArrowUp");
    assert.equal(await rank(), "9");
    await page.keyboard.press("Home");
    assert.equal(await rank(), "1");
    await page.keyboard.press("ArrowUp");
    assert.equal(await rank(), "1");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.closest("#bars") ?? null), null);
  },
);

browserTest("single keys can be switched off, and stay off", {}, async ({ page }) => {
  await settled(page);
  await page.keyboard.press("?");
  await page.getByText("Single-key shortcuts").click();
  assert.equal(await page.getByRole("switch", { name: "Single-key shortcuts" }).isChecked(), false);
  await page.keyboard.press("Escape");
  await page.keyboard.press("t");
  await page.reload();
  await settled(page);
  await page.keyboard.press("t");
  assert.equal(await page.locator("table").count(), 0);
});

browserTest("the live region says what happened and what is likely next", {}, async ({ page }) => {
  await settled(page);
  await page.fill("#prompt", PROMPT);
  await page.keyboard.press("Control+Enter");
  const live = page.locator("#live");
  await page.waitForFunction(() =>
    /^Read 5 tokens\. Next most likely: space Paris \d+ percent, /.test(
      document.querySelector("#live")?.textContent ?? "",
    )
  );
  await settled(page);
  await page.locator("#bars button").first().click();
  await page.waitForFunction(() =>
    document.querySelector("#live")?.textContent?.startsWith("Added space Paris.")
  );
  assert.match(
    await live.innerText(),
    /^Added space Paris\. Next most likely: .+ percent, .+ percent, .+ percent\.$/,
  );
});

browserTest(
  "temperature and count ask again with the same ids and are remembered",
  {},
  async ({ page, server }) => {
    await settled(page);
    await page.getByLabel("Temperature, number").fill("1.5");
    await page.keyboard.press("Enter");
    await settled(page);
    await page.getByLabel("Show: number of candidates").fill("3");
    await page.waitForFunction(() => document.querySelectorAll("#bars button:not(.other)").length === 3);
    const asked = lastAsked(server);
    assert.equal(asked.temperature, 1.5);
    assert.equal(asked.topK, 3);
    assert.deepEqual(asked.ids, fakeEncode("The best thing about living by the sea is"));
    const stored = await page.evaluate(() => ({ ...localStorage }));
    assert.equal(JSON.parse(stored["llmDemo.params"]).params.temperature, 1.5);
    assert.equal(stored["llmDemo.topK"], "3");
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll("#bars button:not(.other)").length === 3);
    assert.equal(await page.getByLabel("Temperature, number").inputValue(), "1.5");
    await page.getByLabel("Temperature, number").fill("nonsense");
    await page.keyboard.press("Enter");
    assert.equal(await page.getByLabel("Temperature, number").inputValue(), "1.5");
    await page.getByLabel("Temperature, number").fill("9");
    await page.keyboard.press("Enter");
    assert.equal(await page.getByLabel("Temperature, number").inputValue(), "2");
  },
);

browserTest("a space at the end is named and removed with one click", {}, async ({ page, server }) => {
  await settled(page);
  await page.fill("#prompt", PROMPT + " ");
  await page.keyboard.press("Control+Enter");
  await settled(page);
  await page.getByRole("button", { name: /Ends with a space/ }).click();
  assert.equal(await page.inputValue("#prompt"), PROMPT);
  await counted(page, "5 tokens");
  assert.equal(lastAsked(server).text, PROMPT, "the text starts again without it");
  assert.equal(await page.getByRole("button", { name: /Ends with a space/ }).count(), 0);
});

browserTest("tokens or plain, and a copy of the text", {}, async ({ page }) => {
  await settled(page);
  const text = (await stripTokens(page)).join("");
  await page.getByRole("radio", { name: "Plain" }).click();
  assert.equal(await page.locator(".plain").innerText(), text);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy the text" }).click();
  await page.getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
});

browserTest(
  "the theme follows the system, is switched by hand and remembered",
  { theme: "dark" },
  async ({ page }) => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await background(), "rgb(14, 16, 19)");
    await page.getByRole("button", { name: "Dark theme", pressed: true }).click();
    assert.equal(await background(), "rgb(246, 245, 243)");
    assert.equal(await page.evaluate(() => localStorage.getItem("llmDemo.theme")), "light");
    await page.reload();
    assert.equal(await background(), "rgb(246, 245, 243)");
    await page.getByRole("button", { name: "Dark theme", pressed: false }).waitFor();
  },
);

browserTest("the table carries the same data as the bars", {}, async ({ page, server }) => {
  await settled(page);
  await page.getByRole("button", { name: "Show as table" }).click();
  const rows = await page.locator("tbody tr").count();
  assert.equal(rows, 11, "ten candidates and Other");
  const [first] = (await rightAnswer(lastAsked(server))).dist.tokens;
  const cells = await page.locator("tbody tr").first().locator("td").allInnerTexts();
  assert.equal(cells[1], String(first!.id));
  assert.equal(cells[3], Math.log(first!.p_raw).toFixed(2).replace("-", "−"));
  assert.equal(cells[5], (first!.p_final * 100).toFixed(1));
});

browserTest("a reloaded page leaves the focus alone until somebody does something", {}, async ({ page }) => {
  await settled(page);
  await page.keyboard.press("1");
  await page.locator(".tok.appended").waitFor();
  await settled(page);
  await page.reload();
  await page.locator(".tok.appended").waitFor();
  await settled(page);
  await page.waitForTimeout(50);
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "BODY");
  assert.equal(await page.locator(".ghost").count(), 0);
  await page.keyboard.press("2");
  await page.locator(".tok.appended").nth(1).waitFor();
  await settled(page);
  assert.ok(await page.evaluate(() => document.activeElement?.closest("#bars") != null));
});

browserTest(
  "Step, Play, Greedy and the rest are one stop for Tab; the arrows move inside",
  {},
  async ({ page }) => {
    await settled(page);
    await page.keyboard.press("1");
    await page.locator(".tok.appended").waitFor();
    await settled(page);
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    await page.getByRole("button", { name: "Copy the text" }).focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press("Tab"); // the text, × behind it, the bar
    assert.equal(await focused(), "Step");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(), "Greedy");
    await page.keyboard.press("End");
    assert.equal(await focused(), "Reset");
    await page.keyboard.press("Tab");
    assert.match((await focused())!, /^More controls/);
    await page.keyboard.press("Shift+Tab");
    assert.equal(await focused(), "Reset", "the bar remembers its place");
    await page.keyboard.press("Enter");
    await page.locator(".tok.appended").waitFor({ state: "detached" });
  },
);
