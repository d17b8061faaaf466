// Examples, hints with their fixes, the tour, the keys, large type, the model's switch: on the real page.
import assert from "node:assert/strict";
import { fakeStatus } from "../fakes.ts";
import { assertAccessibleOn, browserSuite, counted, settled, stripTokens } from "./browser.ts";
import { answersOf, lastAsked, likelyLanguage } from "./asked.ts";
import { expert, write } from "./states_exploring.ts";

const browserTest = browserSuite();
const CHAT = { status: fakeStatus.ready({ hasChatTemplate: true, id: "owner/Small-Instruct" }) } as const;

browserTest("an example becomes the prompt; the old path stays", {}, async ({ page }) => {
  await write(page, 2);
  await page.getByRole("button", { name: "Examples" }).click();
  await page.getByRole("button", { name: /^The capital of France is/ }).click();
  await counted(page, "5 tokens");
  await settled(page);
  assert.equal(await page.inputValue("#prompt"), "The capital of France is");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.keyboard.press("m");
  await page.getByRole("tab", { name: /Branches 2 paths/ }).waitFor();
});

browserTest("an example for a chat, by keyboard", CHAT, async ({ page, server }) => {
  await settled(page);
  await page.getByRole("button", { name: "Examples" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.closest(".pop-lib") !== null);
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await page.getByLabel("Text of message 2").inputValue(), "One line about the sea.");
  assert.equal(lastAsked(server).input.messages?.[0]?.content, "You are a concise poet.");
});

browserTest("a request to an instruct model: the hint's fix is a chat", CHAT, async ({ page, server }) => {
  await settled(page);
  await page.fill("#prompt", "What is the capital of France?");
  await page.getByRole("button", { name: /Looks like a request/ }).click();
  await settled(page);
  assert.deepEqual(lastAsked(server).input.messages?.at(-1), {
    role: "user",
    content: "What is the capital of France?",
  });
});

for (const width of [390, 1100, 1280]) {
  browserTest(`the prompt box stays where it is while one types, hints come at rest: ${width} px`, {
    width,
  }, async ({ page }) => {
    await settled(page);
    await page.locator("#prompt").fill("");
    const place = async () => (await page.locator("#prompt").boundingBox())!.y;
    const before = await place();
    for (const letter of "I like to ") {
      const begun = performance.now();
      await page.keyboard.type(letter);
      assert.equal(await place(), before, letter);
      const hints = await page.getByText("Ends with a space").count();
      assert.ok(hints === 0 || performance.now() - begun > 300, letter); // a busy machine rests by itself
    }
    await page.getByRole("button", { name: /^Ends with a space: .* Remove it$/ }).click();
    assert.equal(await place(), before);
    assert.equal(await page.locator("#prompt").inputValue(), "I like to");
  });
}

browserTest("a text that ends inside a character is completed, and no further", {
  answers: answersOf(likelyLanguage(0x82)), // E2 82 82 is a small 2
}, async ({ page }) => {
  await settled(page);
  await page.keyboard.press("/");
  await page.locator("#vocabulary-query").fill("#226"); // E2: two bytes are missing at least
  await page.getByText("1 token of 300 matches").waitFor();
  await page.locator(".vocabulary .found .b").click();
  await page.getByText("Ends inside a character: 1 byte is open.").waitFor();
  await page.getByRole("button", { name: "Close the search" }).click();
  await page.getByRole("button", { name: /Complete it$/ }).click();
  await page.getByText("Ends inside a character").waitFor({ state: "detached" });
  await settled(page);
  assert.deepEqual((await stripTokens(page)).slice(-3), ["E2", "82", "₂"]);
  await counted(page, "30 prompt + 3 new");
  await page.getByRole("radio", { name: "Plain" }).click();
  assert.match(await page.locator(".plain").innerText(), /₂$/);
});

browserTest("signs that look like others are replaced", {}, async ({ page }) => {
  await settled(page);
  await page.fill("#prompt", "The\u00a0cat");
  await page.getByRole("button", { name: /non-breaking spaces/ }).click();
  assert.equal(await page.inputValue("#prompt"), "The cat");
});

browserTest("unusual tokens are named, and written as usual", {}, async ({ page, server }) => {
  await settled(page);
  await page.fill("#prompt", "The cat");
  await page.keyboard.press("Control+Enter");
  await counted(page, "2 tokens");
  await settled(page);
  for (const letter of [" ", "s", "a", "t"]) {
    await page.fill("#force", letter);
    await page.getByRole("button", { name: "Append" }).click();
    await page.waitForFunction((end) => document.querySelector("#strip")?.textContent?.includes(end), letter);
    await settled(page);
  }
  await counted(page, "2 prompt + 4 new");
  await page.getByRole("button", { name: /Cut into tokens in an unusual way: 6 of them, usually 3/ }).click();
  await counted(page, "2 prompt + 1 new");
  await settled(page);
  assert.equal((await stripTokens(page)).join(""), "The cat sat");
  assert.equal(lastAsked(server).text, "The cat");
  assert.equal(await page.inputValue("#prompt"), "The cat");
});

browserTest("the tour: offered once, skipped for good, found again in the help", {}, async ({ page }) => {
  await settled(page);
  await page.getByRole("button", { name: "Take the tour" }).click();
  await page.getByRole("dialog", { name: "Write a beginning" }).waitFor();
  for (const title of ["Here is the text", "What could come next", "Let it write"]) {
    await page.getByRole("button", { name: "Next", exact: true }).click();
    await page.getByRole("dialog", { name: title }).waitFor();
  }
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".tour").count(), 0);
  await page.reload();
  await settled(page);
  assert.equal(await page.getByRole("button", { name: "Take the tour" }).count(), 0);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).getByRole("button", { name: "Take the tour" }).click();
  await page.getByRole("dialog", { name: "Write a beginning" }).waitFor();
});

browserTest("large type: a key, a switch, remembered before the first paint", {}, async ({ page }) => {
  await settled(page);
  const large = () => page.evaluate(() => document.documentElement.hasAttribute("data-presentation"));
  await page.keyboard.press("p");
  assert.equal(await large(), true);
  await page.reload({ waitUntil: "commit" });
  await settled(page);
  assert.equal(await large(), true);
  await page.keyboard.press("?");
  await page.getByText("Large type for a projector").last().click();
  assert.equal(await large(), false);
});

browserTest("the summary says what its numbers mean now", {}, async ({ page }) => {
  await settled(page);
  const bits = await page.locator(".summary dd").first().innerText();
  await page.locator(".summary > div").first().focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  const shown = page.getByRole("tooltip");
  await shown.waitFor();
  const tip = await shown.innerText();
  assert.match(tip, /^Entropy\s+How open the choice is\. .+ bits now: like a fair draw among \d/);
  assert.ok(tip.includes(bits.split(/\s/)[0]!), `${tip} has ${bits}`);
});

browserTest("off: no bars, nothing is asked, the text loses its colours; on again", {}, async (t) => {
  const { page, server } = t;
  await write(page, 2);
  server.engine.hold();
  await page.locator("#bars button").first().click();
  await server.engine.submitted(server.engine.jobs.length);
  await page.getByText("Predictions on", { exact: true }).click();
  await page.getByText("The model is off").first().waitFor();
  assert.equal(await page.locator("#bars").count(), 0);
  await page.waitForFunction(() => document.querySelector(".layout.model-off") !== null);
  server.engine.release();
  const asked = server.engine.jobs.length;
  await page.reload();
  await page.getByText("The model is off").first().waitFor();
  await page.fill("#prompt", "Nobody reads this");
  await page.keyboard.press("Control+Enter");
  assert.equal(server.engine.jobs.length, asked);
  assert.equal(await page.evaluate(() => localStorage.getItem("llmDemo.llmEnabled")), "false");
  await page.getByText("Predictions off", { exact: true }).click();
  await settled(page);
});

browserTest("the preview at the end of the text follows the bars", {}, async ({ page, server }) => {
  await settled(page);
  const bar = page.locator("#bars button").nth(1);
  await bar.hover();
  await page.locator(".ghost").waitFor();
  server.engine.hold();
  await bar.click();
  await page.locator(".tok.appended").waitFor();
  assert.equal(await page.locator(".ghost").count(), 0, "the token is in the text: it is not shown twice");
  server.engine.release();
  await counted(page, "30 prompt + 1 new");
  await settled(page);
  assert.equal(await page.locator(".ghost").count(), 0, "the old token is gone");
  const box = (await bar.boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + 12);
  await page.locator(".ghost").waitFor();
  assert.equal(
    await page.locator(".ghost").textContent(),
    await bar.locator(".t > [aria-hidden]").textContent(),
  );
});

browserTest("axe-core finds nothing in examples, hints and tour", CHAT, async ({ page }) => {
  await settled(page);
  await page.fill("#prompt", "What is the capital of France? ");
  await page.getByText("Remove it").waitFor();
  await assertAccessibleOn(page, "hints");
  await page.getByRole("button", { name: "Examples" }).click();
  await assertAccessibleOn(page, "examples");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Take the tour" }).click();
  await page.locator(".tour").waitFor();
  await assertAccessibleOn(page, "tour");
  await page.keyboard.press("Escape");
  await expert(page);
  await assertAccessibleOn(page, "more controls");
});
