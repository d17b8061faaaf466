// Hands that are quick, or go astray: nothing may be lost, appended twice, or shown for another text.
import assert from "node:assert/strict";
import type { Page } from "../playwright.ts";
import { fakeStatus } from "../fakes.ts";
import { answersOf, lastAsked, rightAnswer } from "./asked.ts";
import { browserSuite, counted, focusInBars, settled, stripTokens } from "./browser.ts";
import type { PageServer } from "./server.ts";
import { write } from "./states_exploring.ts";

const browserTest = browserSuite();

const textOf = async (page: Page) => (await stripTokens(page)).join("");

/** The text of the strip is that of the box and what was appended, and the bars are the server's for it. */
async function assertTrue(page: Page, server: PageServer): Promise<void> {
  await settled(page);
  const { dist } = await rightAnswer(lastAsked(server));
  const shown = await page.locator("#bars button .pct").first().textContent();
  const best = dist.tokens.filter(({ kept }) => kept).sort((a, b) => b.p_final - a.p_final)[0]!;
  assert.equal(
    parseFloat(shown!),
    Number((best.p_final * 100).toFixed(1)),
    "the first bar is that of the text",
  );
}

browserTest("the answer to a pause comes while one types on: it waits for the next pause", {
  delayMs: 150,
}, async ({ page, server }) => {
  await settled(page);
  await page.locator("#prompt").fill("");
  for (const words of ["The cat", " sat on", " the mat"]) {
    await page.locator("#prompt").pressSequentially(words, { delay: 20 });
    await page.waitForTimeout(450); // into the reading
  }
  await page.waitForFunction(() =>
    document.querySelector("#strip")?.textContent === "The cat sat on the mat"
  );
  await assertTrue(page, server);
  assert.equal(await page.locator("#prompt").inputValue(), "The cat sat on the mat");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
});

browserTest("Step in the middle of a word that is not read yet draws from the bars that are shown", {
  answers: answersOf(),
}, async ({ page }) => {
  await settled(page);
  const before = await textOf(page);
  await page.locator("#prompt").fill("The sea");
  await page.getByRole("button", { name: "Step" }).click();
  await page.locator(".tok.appended").first().waitFor();
  await settled(page);
  const text = await textOf(page);
  assert.ok(text.startsWith(before) || text.startsWith("The sea"), text);
  assert.equal(await page.locator(".tok.appended").count(), 1);
});

browserTest("undo while the needle of a draw stands breaks off the draw alone", {}, async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await write(page, 1);
  await focusInBars(page);
  const before = await stripTokens(page);
  await page.keyboard.press("s");
  await page.getByText("it lands in").waitFor();
  await page.keyboard.press("Control+z");
  await page.getByText("it lands in").waitFor({ state: "detached" });
  await settled(page);
  assert.deepEqual(await stripTokens(page), before);
  await page.emulateMedia({ reducedMotion: "reduce" }); // as it was given
});

browserTest(
  "ten quick clicks append tokens one after another, and undo takes them back",
  {},
  async ({ page, server }) => {
    await settled(page);
    const before = await stripTokens(page);
    const bar = page.locator("#bars button").first();
    for (let n = 0; n < 10; n++) await bar.click({ delay: 0, noWaitAfter: true, force: true });
    await settled(page);
    const count = (await stripTokens(page)).length - before.length;
    assert.ok(count >= 1 && count <= 10);
    await assertTrue(page, server);
    for (let n = 0; n < count; n++) await page.keyboard.press("Control+z");
    await settled(page);
    assert.deepEqual(await stripTokens(page), before);
  },
);

browserTest("a key that is held goes on drawing tokens, but switches a thing once", {}, async ({ page }) => {
  await settled(page);
  await page.locator("#candidates").focus();
  const hold = async (key: string) => {
    for (let n = 0; n < 4; n++) await page.keyboard.down(key); // behind the first one they are repeated
    await page.keyboard.up(key);
  };
  await hold("t");
  await page.locator(".tablewrap").waitFor();
  await page.keyboard.press("t");
  await page.locator("#bars").waitFor();
  await hold("m");
  await page.getByRole("button", { name: "Fewer controls" }).waitFor();
  await hold("g");
  await counted(page, "30 prompt + 4 new");
  await settled(page);
  const top = await page.evaluate(() => scrollY);
  await hold(" ");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  assert.equal(await page.evaluate(() => scrollY), top, "nor does the page scroll");
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
});

/** A double click whose second half comes when the first has done its work. */
async function doubleClick(
  page: Page,
  control: ReturnType<Page["locator"]>,
  done: () => Promise<void>,
): Promise<void> {
  const { x, y, width, height } = (await control.boundingBox())!;
  const at = [x + width / 2, y + height / 2] as const;
  await page.mouse.click(...at);
  await done();
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
}

browserTest("a double click deletes one message, and the others keep their fields", {
  status: fakeStatus.ready({ hasChatTemplate: true }),
}, async ({ page }) => {
  await settled(page);
  await page.getByRole("radio", { name: "Chat" }).click();
  await page.getByRole("button", { name: "Add message" }).click();
  await page.getByRole("button", { name: "Add message" }).click();
  const texts = page.getByLabel(/^Text of message/);
  const written = ["one", "two", "three", "four"];
  for (const [at, text] of written.entries()) await texts.nth(at).fill(text);
  await texts.nth(2).evaluate((field) => field.id = "the third");
  const remove = page.getByRole("button", { name: "Delete message 2" });
  await doubleClick(page, remove, () => texts.nth(3).waitFor({ state: "detached" }));
  assert.deepEqual(
    await texts.evaluateAll((all) => all.map((field) => (field as HTMLTextAreaElement).value)),
    [
      "one",
      "three",
      "four",
    ],
  );
  assert.equal(await page.locator("[id='the third']").inputValue(), "three");
});

browserTest("a double click deletes one session, not the next one too", {}, async ({ page }) => {
  await settled(page);
  await page.locator("#candidates").focus();
  await page.keyboard.press("m");
  await page.getByRole("tab", { name: /^Sessions/ }).click();
  const rows = page.locator(".kept-list li");
  for (let n = 1; n < 4; n++) {
    await page.fill("#prompt", `Session ${n}`);
    await page.keyboard.press("Control+Enter");
    await counted(page, "9 tokens");
    await rows.nth(n - 1).waitFor();
    if (n < 3) await page.getByRole("button", { name: "New session" }).click();
    if (n < 3) await rows.nth(n).waitFor();
  }
  const free = rows.getByRole("button", { name: /^Delete the session/, disabled: false });
  await doubleClick(page, free.first(), () => rows.nth(2).waitFor({ state: "detached" }));
  await page.waitForTimeout(300); // what must not happen has no end to wait for
  assert.equal(await rows.count(), 2);
  const live = page.getByRole("switch", { name: "Live" });
  assert.ok(await live.isChecked());
  await doubleClick(page, page.getByText("Live", { exact: true }), () => Promise.resolve());
  assert.ok(await live.isChecked(), "the same thing is pressed twice");
});

browserTest("a double click on a token looks at it and back, and loses nothing", {}, async ({ page }) => {
  await settled(page);
  const before = await stripTokens(page);
  await page.locator("#strip .tok").nth(2).dblclick();
  await page.locator(".inspection-notice").waitFor({ state: "detached" });
  await settled(page);
  assert.deepEqual(await stripTokens(page), before);
  await page.locator("#strip .tok").nth(2).click();
  await page.locator("#strip .tok").nth(3).click();
  await page.getByText("(token 4 of the prompt)").waitFor();
  await page.keyboard.press("Control+z");
  assert.deepEqual(await stripTokens(page), before);
});

browserTest("a reload while a token of the prompt is inspected comes back there", {}, async ({ page }) => {
  await settled(page);
  await page.locator("#strip .tok").nth(2).click();
  await page.getByText("(token 3 of the prompt)").waitFor();
  await settled(page);
  const bars = await page.locator("#bars .pct").allInnerTexts();
  await page.reload();
  await page.getByText("(token 3 of the prompt)").waitFor();
  await settled(page);
  assert.deepEqual(await page.locator("#bars .pct").allInnerTexts(), bars);
});

browserTest("a reload in the middle of typing keeps what was typed, and reads it", {}, async ({ page }) => {
  await settled(page);
  await page.locator("#prompt").fill("The moon and the sun");
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#strip")?.textContent === "The moon and the sun");
  assert.equal(await page.locator("#prompt").inputValue(), "The moon and the sun");
});

browserTest("back and forward over the page's own anchors change nothing", {}, async ({ page }) => {
  await settled(page);
  await page.locator("#bars button").first().click();
  await settled(page);
  const text = await textOf(page);
  await page.locator(".brand").click();
  await page.goBack();
  await page.goForward();
  await settled(page);
  assert.equal(await textOf(page), text);
});

browserTest("a second tab has a text of its own", {}, async ({ page, server }) => {
  await settled(page);
  await page.locator("#bars button").first().click();
  await settled(page);
  const text = await textOf(page);
  const other = await page.context().newPage();
  await other.goto(server.url);
  await settled(other);
  await other.locator("#prompt").fill("The dog");
  await other.waitForFunction(() => document.querySelector("#strip")?.textContent === "The dog");
  await page.reload();
  await settled(page);
  assert.equal(await textOf(page), text);
  await other.close();
});

browserTest("a server that is away and comes back reads what was typed meanwhile", {
  expected: /Failed to load resource|cannot be reached|ERR_/,
}, async ({ page, server, start }) => {
  await settled(page);
  await server.close();
  await page.locator("#prompt").fill("The green sea");
  await page.waitForTimeout(800); // the pause passes without a server
  const again = await start({ port: server.port });
  try {
    await page.waitForFunction(() => document.querySelector("#strip")?.textContent === "The green sea");
    await settled(page);
  } finally {
    await again.close();
  }
});

browserTest("zoomed to 200 % everything can be reached", { width: 640, height: 360 }, async ({ page }) => {
  await settled(page);
  for (
    const selector of [
      "#prompt",
      "#start",
      "#strip .tok >> nth=0",
      "#bars button >> nth=9",
      "#force",
      ".more-btn",
    ]
  ) {
    await page.locator(selector).first().scrollIntoViewIfNeeded();
    await page.locator(selector).first().click({ trial: true });
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 640, `${wide} px`);
});
