// The fields of the sampling tab that take tokens and texts.
import assert from "node:assert/strict";
import { FAKE_INFO } from "../fakes.ts";
import { fakeEncode } from "../fake_model.ts";
import { lastAsked } from "./asked.ts";
import { assertAccessible, browserSuite, settled } from "./browser.ts";
import { expert } from "./states_exploring.ts";

const browserTest = browserSuite();

browserTest("DRY's breakers are named as text or by id, and sent", {}, async ({ page, server }) => {
  await settled(page);
  await expert(page);
  await page.getByRole("button", { name: /^More stages/ }).click();
  const field = page.getByLabel("Sequence breakers");
  await field.fill("\\n");
  await field.press("Enter");
  await page.getByRole("button", { name: /^Remove sequence breaker/ }).waitFor();
  await field.fill("#3");
  await field.press("Enter");
  await page.getByRole("button", { name: /^Remove sequence breaker/ }).nth(1).waitFor();
  await settled(page);
  const [first, second] = lastAsked(server).input.params.dry_breakers;
  assert.deepEqual([first, second], [fakeEncode("\n", false)[0], 3]);
  await field.press("Backspace"); // the page knows that answer: nothing is asked
  await page.getByRole("button", { name: "Remove sequence breaker token 3" }).waitFor({ state: "detached" });
  assert.equal(await page.getByRole("button", { name: /^Remove sequence breaker/ }).count(), 1);
  await assertAccessible(page, "all stages");
});

browserTest("an id that the model does not have is refused where it is typed", {}, async ({ page }) => {
  await settled(page);
  await expert(page);
  const field = page.getByLabel("Logit bias");
  await field.fill(`#${FAKE_INFO.vocabSize} 5`);
  await field.press("Enter");
  await page.getByRole("alert").getByText(/^The model's tokens are #0 to #/).waitFor();
  assert.equal(await field.inputValue(), `#${FAKE_INFO.vocabSize} 5`);
});

for (const width of [390, 830, 900, 945, 1181, 1280]) {
  browserTest(
    `greedy moves no bar, every reason is read whole: ${width} px`,
    { width },
    async ({ page }) => {
      await settled(page);
      await expert(page);
      const at = async (part: string) => (await page.locator(part).boundingBox())!.y;
      const top = async () => Math.round(await at("#bars") - await at(".dist")); // clicking scrolls
      const before = await top();
      await page.getByRole("radio", { name: "Greedy", exact: true }).click();
      await page.locator("#bars .cut").first().waitFor();
      assert.equal(await top(), before);
      if (width < 821) return; // there the number, which is 0, makes room
      const cut = await page.locator("#bars .reason").evaluateAll((reasons) =>
        reasons.filter((reason) => {
          const [text, plot] = [
            reason.getBoundingClientRect(),
            reason.closest("svg")!.getBoundingClientRect(),
          ];
          return text.right > plot.right + 1 || text.left < plot.left - 1;
        }).length
      );
      assert.equal(cut, 0);
    },
  );
}
