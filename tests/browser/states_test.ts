import assert from "node:assert/strict";
import { FAKE_EOS_ID } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { answersOf, endingLanguage, lastAsked } from "./asked.ts";
import { browserSuite, counted, settled, stripTokens } from "./browser.ts";
import { emptyText, INFERENCE_FAULT, nearlyFill } from "./states.ts";

const browserTest = browserSuite();
const FAILED_FETCH = /Failed to load resource|cannot be reached/;
const loading = (received: number) => fakeStatus.loading({ phase: "downloading", received, total: 200e6 });

browserTest("the page follows the load live, then answers", { status: loading(20e6) }, async (t) => {
  const { page, server } = t;
  await page.getByText("20 MB of 200 MB").waitFor();
  assert.equal(await page.getByRole("progressbar").getAttribute("value"), "0.1");
  assert.equal(await page.locator("#start").getAttribute("aria-disabled"), "true");
  await page.fill("#prompt", "The cat");
  await page.keyboard.press("Control+Enter");
  server.engine.setStatus(loading(150e6));
  await page.getByText("150 MB of 200 MB").waitFor();
  assert.equal(server.engine.jobs.length, 0, "nothing is asked while the model loads");
  server.engine.setStatus(fakeStatus.ready());
  await settled(page);
  assert.equal((await stripTokens(page)).join(""), "The cat");
  await page.waitForFunction(() =>
    document.querySelector(".model-name")?.textContent === "three-hundred-tokens"
  );
});

browserTest("a model that failed names its reason, and one that comes later is used", {
  status: fakeStatus.failed("tokenizer.json is missing. Put it next to the model."),
}, async ({ page, server }) => {
  const alert = page.getByRole("alert");
  await alert.getByText("The model could not be loaded").waitFor();
  await page.getByText("tokenizer.json is missing. Put it next to the model.").waitFor();
  await page.getByRole("button", { name: "Choose another model" }).waitFor();
  server.engine.setStatus(fakeStatus.loading());
  await page.getByText("Loading three-hundred-tokens").waitFor();
  server.engine.setStatus(fakeStatus.ready());
  await settled(page);
});

browserTest(
  "a request that fails leaves the text; Try again asks the same",
  { expected: FAILED_FETCH },
  async (t) => {
    const { page, server } = t;
    await settled(page);
    server.engine.failWith(INFERENCE_FAULT);
    await page.locator("#bars button").first().click();
    await page.getByRole("alert").getByText("No answer for this text").waitFor();
    const text = await stripTokens(page);
    await page.waitForFunction(() => document.activeElement?.textContent === "Try again");
    const asked = lastAsked(server);
    server.engine.failWith(null);
    await page.keyboard.press("Enter");
    await settled(page);
    assert.deepEqual(await stripTokens(page), text);
    assert.deepEqual(lastAsked(server).input, asked.input);
    assert.ok(
      await page.evaluate(() => document.activeElement?.closest("#bars") !== null),
      "the focus is on the bars",
    );
  },
);

browserTest("a server that went away is found again, and the open question is asked", {
  expected: FAILED_FETCH,
}, async ({ page, server, start }) => {
  await settled(page);
  await server.close();
  await page.getByText("The server does not answer", { exact: true }).waitFor();
  await page.fill("#prompt", "The cat");
  await page.keyboard.press("Control+Enter");
  await page.locator(".unread").getByText("The cat").waitFor();
  const again = await start({ port: server.port });
  try {
    await settled(page);
    assert.equal((await stripTokens(page)).join(""), "The cat");
  } finally {
    await page.goto("about:blank");
    await again.close();
  }
});

browserTest(
  "the end of the text keeps its bars; another one takes its place",
  { answers: answersOf(endingLanguage()) },
  async (t) => {
    const { page, server } = t;
    await settled(page);
    await page.locator("#bars button").first().click();
    await page.getByText("The model ended its text here (<|end|>).").waitFor();
    await page.getByText("End of text. Choose another bar").waitFor();
    await page.locator("#bars button").nth(1).hover();
    await page.waitForTimeout(50);
    assert.equal(await page.locator(".ghost").count(), 0, "nothing stands behind the end");
    const ligatures = await page.locator(".segment-label, .b .t, .tok").evaluateAll((elements) =>
      elements.map((element) => getComputedStyle(element).fontVariantLigatures)
    );
    assert.deepEqual([...new Set(ligatures)], ["none"], "<| is two characters");
    assert.equal(await page.getByRole("button", { name: "Greedy" }).getAttribute("aria-disabled"), "true");
    assert.equal(await page.locator("#bars button[aria-current=true]").count(), 1);
    const ended = (await stripTokens(page)).length;
    await page.locator("#bars button").nth(2).click();
    await page.getByText("The model ended its text here").waitFor({ state: "detached" });
    await settled(page);
    assert.equal((await stripTokens(page)).length, ended);
    assert.notEqual(lastAsked(server).ids!.at(-1), FAKE_EOS_ID);
    assert.equal(await page.getByText("The model ended its text here").count(), 0);
  },
);

browserTest("a full context stops appending and says so; Delete last makes room", {}, async ({ page }) => {
  await settled(page);
  await nearlyFill(page);
  await page.locator("#bars button").first().click();
  await page.getByText("The context is full: 512 of 512 tokens.").waitFor();
  await page.locator(".dist:not(.stale)").waitFor();
  await page.locator("#bars button").first().click({ force: true });
  await page.keyboard.press("1");
  await counted(page, "511 prompt + 1 new");
  await page.getByRole("button", { name: "Delete last" }).click();
  await counted(page, "511 tokens");
  await settled(page);
});

browserTest(
  "a prompt that is too long is refused with the number of tokens",
  { expected: FAILED_FETCH },
  async (t) => {
    const { page } = t;
    await settled(page);
    await page.fill("#prompt", "x".repeat(520));
    await page.click("#start");
    await page.getByText("The context has 520 tokens, 8 tokens more than the 512").waitFor();
    assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
    await page.getByRole("button", { name: "Edit the prompt" }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
  },
);

browserTest("an empty prompt empties the text, and undo brings it back", {}, async ({ page }) => {
  await settled(page);
  const text = await stripTokens(page);
  await emptyText(page);
  assert.deepEqual(await stripTokens(page), []);
  await page.getByRole("button", { name: "Undo" }).click();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
  assert.equal(await page.inputValue("#prompt"), text.join(""));
});

browserTest(
  "the first paint waits for the theme and one sheet of styles, side by side",
  {},
  async ({ page }) => {
    const blocking = await page.evaluate(() =>
      performance.getEntriesByType("resource")
        .filter((entry) => "renderBlockingStatus" in entry && entry.renderBlockingStatus === "blocking")
        .map(({ name }) => new URL(name).pathname)
    );
    assert.deepEqual(blocking, ["/theme.js", "/page.css"]);
  },
);

browserTest(
  "what was typed before the script ran is kept",
  { status: loading(1), ownPage: true },
  async ({ page }) => {
    await page.addInitScript(() => { // a store that takes its time: the box is drawn again before it answers
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (...args) {
        const later = Date.now() + 500;
        while (Date.now() < later);
        return open.apply(this, args);
      };
    });
    await page.route("**/_fresh/js/**", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await page.goto(page.url(), { waitUntil: "commit" });
    await page.fill("#prompt", "Typed early");
    await page.keyboard.type("!");
    await page.unrouteAll({ behavior: "wait" });
    await page.waitForFunction(() => indexedDB.databases().then((all) => all.length > 0));
    await page.getByRole("button", { name: "More controls" }).click(); // waits for the stored session
    await page.getByRole("button", { name: "Fewer controls" }).waitFor();
    assert.equal(await page.inputValue("#prompt"), "Typed early!");
  },
);

browserTest(
  "what is typed while the browser's store is slow is kept",
  { status: loading(1), ownPage: true },
  async ({ page }) => {
    await page.addInitScript(() => { // an answer that comes late, and the page is drawn again meanwhile
      const add = EventTarget.prototype.addEventListener;
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (...args) {
        const request = open.apply(this, args);
        const late = (run: () => void) => setTimeout(run, 1000);
        Object.defineProperty(request, "onsuccess", {
          set: (run: () => void) => add.call(request, "success", () => late(run)),
        });
        return request;
      };
    });
    await page.reload();
    await page.fill("#prompt", "Typed");
    await page.waitForTimeout(300); // in between: whatever draws the box again does so now
    await page.keyboard.type(" late");
    await page.getByRole("button", { name: "More controls" }).click(); // waits for the stored session
    await page.getByRole("button", { name: "Fewer controls" }).waitFor();
    assert.equal(await page.inputValue("#prompt"), "Typed late");
  },
);

browserTest("off the network the page says so, goes on, and takes it back", {}, async ({ page }) => {
  await settled(page);
  const network = (on: boolean) =>
    page.evaluate((on) => {
      Object.defineProperty(navigator, "onLine", { value: on, configurable: true });
      dispatchEvent(new Event(on ? "online" : "offline"));
    }, on);
  await network(false);
  await page.getByText("Offline. Cached models work.").waitFor();
  await page.keyboard.press("1");
  await page.locator(".tok.appended").waitFor();
  await network(true);
  await page.getByText("Offline. Cached models work.").waitFor({ state: "detached" });
});
