// Fields keep what is typed into them, and leave the keys of an input method alone.
import assert from "node:assert/strict";
import { lastAsked } from "./asked.ts";
import { browserSuite, counted, settled, stripTokens } from "./browser.ts";

const browserTest = browserSuite();

browserTest(
  "the number of candidates may be typed fast, and need not be right at once",
  {},
  async ({ page, server }) => {
    await settled(page);
    const field = page.locator("#count");
    await field.fill("");
    await field.pressSequentially("200");
    assert.equal(await field.inputValue(), "200");
    await field.blur();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#count")?.value === "50");
    await field.fill("");
    await field.pressSequentially("3.7");
    assert.equal(await field.inputValue(), "3.7");
    await field.blur();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#count")?.value === "4");
    await settled(page);
    assert.equal(lastAsked(server).input.top_k, 4);
  },
);

browserTest("a new line can be forced", {}, async ({ page }) => {
  await settled(page);
  await page.locator("#force").fill("a");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("b");
  await page.keyboard.press("Enter");
  await counted(page, "30 prompt + 3 new");
  assert.equal((await stripTokens(page)).slice(-3).join(""), "a\nb");
});

browserTest("Enter and Escape inside a composition belong to the input method", {}, async ({ page }) => {
  await settled(page);
  const press = (selector: string, key: string) =>
    page.locator(selector).evaluate((field, key) => {
      const options = { key, isComposing: true, bubbles: true, cancelable: true };
      return field.dispatchEvent(new KeyboardEvent("keydown", options));
    }, key);
  await page.locator("#force").fill("a");
  assert.ok(await press("#force", "Enter"), "nobody takes it");
  assert.equal(await page.locator("#force").inputValue(), "a");
  await page.keyboard.press("Escape");
  await page.locator("h1").evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("/");
  await page.getByRole("list", { name: "All tokens" }).waitFor(); // the box before it gives way to the panel's
  await page.locator("#vocabulary-query").fill("a");
  assert.ok(await press("#vocabulary-query", "Escape"));
  assert.equal(await page.locator("#vocabulary-query").inputValue(), "a");
});

browserTest("a browser whose store never answers does not hold up the page", {
  expected: /stores nothing/,
  ownPage: true,
}, async ({ page, server }) => {
  await settled(page);
  await page.addInitScript(() => {
    indexedDB.open = () => ({}) as IDBOpenDBRequest;
  });
  await page.goto(server.url);
  await settled(page);
});

browserTest(
  "code keeps its lines: indentation stands behind the break, and is counted in the bars",
  {},
  async ({ page }) => {
    await settled(page);
    await page.fill("#prompt", "if a:\n    b");
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction(() =>
      [...document.querySelectorAll("#strip .tok")].map((token) => token.textContent).join("") ===
        "if a:\n    b"
    );
    assert.equal(await page.getAttribute("html", "translate"), "no");
  },
);

browserTest("a text that runs from right to left does so wherever it is shown", {}, async ({ page }) => {
  await settled(page);
  await page.fill("#prompt", "مرحبا يا عالم");
  await page.keyboard.press("Control+Enter");
  await page.locator("#strip .tok").getByText("م").first().waitFor();
  const direction = (selector: string) =>
    page.locator(selector).first().evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction("#prompt"), "rtl");
  assert.equal(await direction("#strip"), "rtl");
  const first = await page.locator("#strip .tok").evaluateAll((all) =>
    all.slice(0, 2).map((token) => token.getBoundingClientRect().left)
  );
  assert.ok(first[0]! > first[1]!, "the first token stands on the right");
  await page.locator("#bars button").first().hover();
  await page.locator(".ghost-area .ghost").waitFor();
  const preview = (await page.locator(".ghost-area").boundingBox())!;
  const last = (await page.locator("#strip .tok").last().boundingBox())!;
  const below = preview.y >= last.y + last.height - 8;
  assert.ok(below || preview.x + preview.width <= last.x, "the preview stands behind the text, on its left");
  await page.locator(".peek span").first().waitFor();
  const [name, share] = await page.locator(".peek span").first().evaluate((item) => {
    const share = document.createRange();
    share.setStart(item.querySelector("b")!.nextSibling!, 0);
    share.setEndAfter(item.lastChild!);
    return [item.querySelector("b")!, share].map((part) => part.getBoundingClientRect());
  });
  assert.ok(name!.right <= share!.left + 1, "a number stands behind the name that it belongs to");
  await page.getByRole("radio", { name: "Plain" }).click();
  assert.equal(await direction(".plain"), "rtl");
  await page.fill("#force", "عالم");
  assert.equal(await direction("#force"), "rtl");
});

browserTest("a long text has its direction before it is laid out", {}, async ({ page }) => {
  await settled(page);
  await page.fill("#prompt", "");
  await page.evaluate(() => {
    const tell = (event: Event) => document.body.dataset.told = (event.target as HTMLElement).dir;
    document.addEventListener("input", tell, { capture: true, once: true });
  });
  await page.keyboard.insertText("1. שלום ".repeat(5000));
  assert.equal(await page.getAttribute("body", "data-told"), "rtl");
  await page.fill("#prompt", "short");
  await page.locator("#prompt[dir=auto]").waitFor();
});

browserTest("signs behind AltGr are commands, and letters of a field", {}, async ({ page }) => {
  await settled(page);
  const press = (selector: string) =>
    page.locator(selector).first().evaluate((element) => {
      const altGr = { key: "]", code: "Digit9", ctrlKey: true, altKey: true, modifierAltGraph: true };
      element.dispatchEvent(new KeyboardEvent("keydown", { ...altGr, bubbles: true, cancelable: true }));
    });
  const temperature = page.getByLabel("Temperature, number");
  await press("#prompt");
  assert.equal(await temperature.inputValue(), "0.7");
  await press("#bars button");
  await page.locator("#live").getByText("Temperature 0.8.").waitFor({ state: "attached" });
  assert.equal(await temperature.inputValue(), "0.8");
});

browserTest(
  "without scripts the page says so, and where the API is",
  { config: { basePath: "/app" } },
  async ({ server }) => {
    const html = await (await fetch(`${server.url}/app/`)).text();
    const said = /<noscript>(.*?)<\/noscript>/s.exec(html)?.[1] ?? "";
    assert.match(said, /Next Token needs JavaScript\./);
    assert.match(said, /href="\/app\/api"/, "behind a proxy's path, too");
  },
);
