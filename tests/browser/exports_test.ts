// Exports as a browser takes them: the replay as a file without a server, the bars as pixels. They are made by a
// minified bundle, as on the page.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { gallerySuite } from "../gallery/suite.ts";
import { assertAccessibleOn } from "./browser.ts";

const partTest = gallerySuite();

interface Exported {
  replay(): string;
  svg(theme: "light" | "dark"): string;
  png(): Promise<number[]>;
}

/** What the gallery's program offers about exports (teaching_client.tsx). */
function replayOf(page: Page): Promise<string> {
  return page.evaluate(() => (globalThis as unknown as { exported: Exported }).exported.replay());
}

partTest("axe-core finds nothing in a replay", "share", {}, async (t) => {
  await t.open("replay.html", await replayOf(t.page));
  await assertAccessibleOn(t.page, "replay");
});

partTest(
  "a replay plays from a file: by keys, by buttons, by itself",
  "share",
  {},
  async ({ page, open }) => {
    await open("replay.html", await replayOf(page));
    const place = page.locator("#place");
    assert.equal(await place.textContent(), "Step 1 of 2. Drawn: space the.");
    assert.equal(await page.locator("#bars .chosen").textContent(), "thespace the65.1 %the next token");
    assert.equal(await page.locator("#bars li").count(), 6);
    await page.keyboard.press("ArrowRight");
    assert.equal(await place.textContent(), "Step 2 of 2. Chosen by hand: space view.");
    assert.equal(await page.locator("#bars .cut").count(), 1);
    await page.keyboard.press("End");
    assert.equal(await place.textContent(), "The end of the path after 2 steps.");
    assert.match(
      await page.locator("#facts").textContent() ?? "",
      /^uncertainty [\d.]+ bits · temperature 0.7/,
    );
    assert.equal(await page.locator("#bars li").count(), 6);
    assert.equal(await page.locator("#bars .chosen").count(), 0);
    await page.getByRole("button", { name: "Back" }).click();
    assert.match(await place.textContent() ?? "", /^Step 2/);
    await page.locator("#path").selectOption({ label: "Branch D" });
    assert.equal(await page.locator("#strip button").last().textContent(), "</script><b>voice</b>");
    await page.getByRole("button", { name: "Play" }).click();
    await page.getByText("Step 2 of 6").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.locator("#strip button").nth(4).click();
    assert.match(await place.textContent() ?? "", /^Step 5 of 6/);
    assert.equal(await page.locator("#none").isVisible(), true);
  },
);

partTest("a replay shows the attributions that were computed", "share", {}, async ({ page, open }) => {
  await open("replay.html", await replayOf(page));
  const classes = () => page.locator("#strip .tok").evaluateAll((all) => all.map((each) => each.className));
  assert.deepEqual((await classes()).slice(0, 5), [
    ...["tok prompt a1", "tok prompt a3", "tok prompt a2", "tok prompt b1"],
    "tok prompt",
  ]);
  await page.getByText("Strongest: space best +0.36.").waitFor();
  await page.getByLabel("Attribution").selectOption({ label: "Attention of space the" });
  await page.getByText("Strongest: The 0.90.").waitFor();
  assert.deepEqual((await classes()).slice(0, 2), ["tok prompt a3", "tok prompt"]);
  await page.getByRole("button", { name: "Next" }).click();
  assert.equal(await page.locator("#maps").isVisible(), false, "no picture was made of this place");
  assert.ok((await classes()).every((name) => !/ [ab][123]/.test(name)));
});

partTest("a replay runs no script but its own", "share", {}, async ({ page, open }) => {
  await open("replay.html", await replayOf(page));
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'broken in'";
    addEventListener(
      "securitypolicyviolation",
      (event) => document.title = `kept out: ${event.violatedDirective}`,
    );
    document.body.append(script);
  });
  await page.waitForFunction(() => document.title.startsWith("kept out: script-src"));
}, /Content Security Policy/);

partTest("the bars become a PNG twice the size of the SVG", "share", {}, async ({ page }) => {
  const bytes = await page.evaluate(() => (globalThis as unknown as { exported: Exported }).exported.png());
  assert.deepEqual(bytes.slice(1, 4), [...new TextEncoder().encode("PNG")]);
  const view = new DataView(Uint8Array.from(bytes).buffer);
  assert.equal(view.getUint32(16), 1440);
  const light = await page.evaluate(() =>
    (globalThis as unknown as { exported: Exported }).exported.svg("light")
  );
  assert.equal(view.getUint32(20), 2 * Number(/height="(\d+)"/.exec(light)![1]));
  // Blue bars are there: the drawing is not empty.
  const colours = await page.evaluate(async (bytes) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0);
    return [...context.getImageData(2 * 210, 2 * (96 + 17), 1, 1).data];
  }, bytes);
  assert.deepEqual(colours, [0x4a, 0x7b, 0xea, 255]);
});
