// Nothing is lost: reload, a closed tab, a server that starts again, a full localStorage, two tabs, damage.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { answersYes, browserSuite, counted, focusInBars, settled, stripTokens } from "./browser.ts";
import { branch, expert, write } from "./states_exploring.ts";

const browserTest = browserSuite();

/** Long enough for the page to store what has changed. */
async function stored(page: Page): Promise<void> {
  await page.waitForTimeout(400);
}

const names = (page: Page) => page.locator(".tree .sw b").allTextContents();

browserTest("a reload brings back paths, branches, undo, settings and views", {}, async ({ page }) => {
  await branch(page);
  await expert(page);
  await page.getByRole("tab", { name: /Branches/ }).click();
  await page.getByLabel("Temperature, number").fill("1.3");
  await page.keyboard.press("Enter");
  await settled(page);
  const text = await stripTokens(page);
  await stored(page);
  await page.reload();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
  await page.getByText("Branch B").waitFor();
  assert.deepEqual(await names(page), ["Main", "Branch B"]);
  assert.equal(await page.getByLabel("Temperature, number").inputValue(), "1.3");
  assert.equal(await page.locator(".fork").count(), 1);
  await page.locator(".tree .sw").first().click();
  await settled(page);
  assert.equal((await stripTokens(page)).length, text.length + 1);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await settled(page);
  assert.equal(await page.locator(".tree .sw").count(), 1, "undo from before the reload");
  await page.locator("#strip .tok.appended").nth(1).click();
  await page.getByText("Choose another bar to branch.").waitFor();
});

browserTest("what was done a moment before a reload is there too", {}, async ({ page }) => {
  await write(page, 2);
  await page.getByLabel("Temperature, number").fill("0.9");
  await page.keyboard.press("Enter");
  const text = await stripTokens(page);
  await page.reload();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
  assert.equal(await page.getByLabel("Temperature, number").inputValue(), "0.9");
});

browserTest("what is done after a reload is stored beside what was there before", {}, async ({ page }) => {
  await write(page, 2);
  await stored(page);
  await page.reload();
  await settled(page);
  await write(page, 4);
  const text = await stripTokens(page);
  await stored(page);
  await page.reload();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
  await page.reload(); // nothing has changed
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
});

browserTest("what is inspected and what is being written survive too", {}, async ({ page }) => {
  await write(page, 3);
  await page.fill("#prompt", "The cat sat");
  await page.locator("#strip .tok.appended").nth(1).click();
  await stored(page);
  await page.reload();
  await page.getByText("Choose another bar to branch.").waitFor();
  assert.equal(await page.inputValue("#prompt"), "The cat sat");
});

browserTest("a full localStorage and a new server on the same address lose nothing", {
  expected: /Failed to load resource|cannot be reached/,
}, async ({ page, server, start }) => {
  await page.evaluate(() => {
    try {
      for (let size = 1 << 20; size > 0; size >>= 1) localStorage.setItem(`fill${size}`, "x".repeat(size));
      for (let n = 0;; n++) localStorage.setItem(`more${n}`, "x".repeat(1000));
    } catch {
      // Full, as it should be.
    }
  });
  await branch(page);
  await page.getByLabel("Temperature, number").fill("1.7");
  await page.keyboard.press("Enter");
  await settled(page);
  const text = await stripTokens(page);
  await stored(page);
  await server.close();
  const again = await start({ port: server.port });
  try {
    await page.reload();
    await settled(page);
    assert.deepEqual(await stripTokens(page), text);
    assert.equal(await page.getByLabel("Temperature, number").inputValue(), "1.7");
  } finally {
    await page.goto("about:blank");
    await again.close();
  }
});

browserTest(
  "each tab has its own session; a new one goes on with the one that was closed last",
  {},
  async (t) => {
    const { page, server } = t;
    await write(page, 1);
    await stored(page);
    const second = await page.context().newPage();
    await second.goto(server.url);
    await settled(second);
    await second.fill("#prompt", "The capital of France is");
    await second.keyboard.press("Control+Enter");
    await counted(second, "5 tokens");
    await focusInBars(second);
    await write(second, 2);
    const text = await stripTokens(second);
    assert.notDeepEqual(await stripTokens(page), text);
    await stored(second);
    await page.reload();
    await settled(page);
    await counted(page, "30 prompt + 1 new");
    await second.close({ runBeforeUnload: false });
    const third = await page.context().newPage();
    await third.goto(server.url);
    await settled(third);
    assert.deepEqual(await stripTokens(third), text);
    await third.close();
  },
);

/** In the page: whether a session is in the browser's store; `damage`: after it was made useless. */
function hasHead({ damage }: { damage: boolean }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("next-token");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const change = opening.result.transaction("sessions", "readwrite");
      let found = false;
      change.oncomplete = () => resolve(found); // before it a page that is left takes its changes back
      change.onabort = () => reject(change.error);
      change.objectStore("sessions").openCursor().onsuccess = ({ target }) => {
        const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
        if (cursor === null) return;
        const isHead = (cursor.key as string[])[0] === "head";
        if (isHead && damage) cursor.update({ ...cursor.value, tree: "gone" });
        found ||= isHead;
        cursor.continue();
      };
      opening.result.close();
    };
  });
}

browserTest("a stored session that is damaged is named, and the page begins anew", {
  expected: /cannot be used|Failed to load resource/,
}, async ({ page, server }) => {
  const named: string[] = [];
  page.on("console", (said) => named.push(said.text()));
  await write(page, 2);
  await answersYes(page, hasHead, { damage: false });
  await page.goto(`${server.url}/api/openapi.json`); // the same origin, without the page
  await stored(page); // what the page wrote when it was left
  await page.evaluate(() => sessionStorage.removeItem("llmDemo.unwritten"));
  assert.ok(await page.evaluate(hasHead, { damage: true }));
  await page.goto(server.url);
  const notice = page.getByText("The stored session cannot be used. The page begins anew.");
  await notice.or(page.getByText("30 prompt + 2 new")).first().waitFor();
  assert.equal(await notice.count(), 1, `named: ${named.join("; ")}`);
  assert.ok(named.some((text) => text.startsWith("The stored session cannot be used: TypeError: tree is")));
  await settled(page);
  await counted(page, "30 tokens");
});

/** Opening a database waits until `release` is called on the window, as long as localStorage says so. */
function slowStore(): void {
  if (localStorage.getItem("slow") === null) return;
  const { open } = IDBFactory.prototype;
  const { promise, resolve } = Promise.withResolvers<void>();
  Object.assign(globalThis, { release: resolve });
  IDBFactory.prototype.open = function (...args) {
    const late = {} as { result: unknown } & Pick<IDBOpenDBRequest, "onsuccess" | "onupgradeneeded">;
    void promise.then(() => {
      const request = open.apply(this, args);
      const pass = (event: Event, name: "onsuccess" | "onupgradeneeded") => {
        late.result = request.result;
        (late[name] as ((event: Event) => void) | null)?.(event);
      };
      request.onupgradeneeded = (event) => pass(event, "onupgradeneeded");
      request.onsuccess = (event) => pass(event, "onsuccess");
    });
    return late as IDBOpenDBRequest;
  };
}

browserTest("a store that answers late stores from then on, and what it held stays", {
  expected: /stores nothing/,
  ownPage: true,
}, async ({ page }) => {
  await write(page, 4);
  const before = (await stripTokens(page)).join("");
  await stored(page);
  await page.addInitScript(slowStore);
  await page.evaluate(() => localStorage.setItem("slow", "yes"));
  await page.reload();
  await page.getByText("This browser stores nothing").waitFor();
  await settled(page);
  await write(page, 1);
  await page.evaluate(() => (globalThis as unknown as { release: () => void }).release());
  await page.getByText("from now on the text is stored").waitFor();
  await write(page, 2);
  await counted(page, "30 prompt + 3 new");
  const text = (await stripTokens(page)).join("");
  await stored(page);
  await page.evaluate(() => localStorage.removeItem("slow"));
  await page.evaluate(() => sessionStorage.removeItem("llmDemo.unwritten"));
  await page.reload();
  await settled(page);
  assert.equal((await stripTokens(page)).join(""), text);
  await expert(page);
  await page.getByRole("tab", { name: /Sessions/ }).click();
  await page.locator(".kept-list .kept-open:not([aria-disabled])").click();
  await counted(page, "30 prompt + 4 new");
  await settled(page);
  assert.equal((await stripTokens(page)).join(""), before);
});

browserTest("without any store a reload of the tab brings the text back", {
  expected: /stores nothing/,
  ownPage: true,
}, async ({ page }) => {
  await page.addInitScript(slowStore);
  await page.evaluate(() => localStorage.setItem("slow", "yes"));
  await page.reload();
  await page.getByText("This browser stores nothing").waitFor();
  await settled(page);
  await write(page, 2);
  const text = await stripTokens(page);
  await page.reload();
  await page.getByText("This browser stores nothing").waitFor();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
});
