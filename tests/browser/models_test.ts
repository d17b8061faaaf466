import type { Page } from "playwright-core";
import assert from "node:assert/strict";
import { FAKE_ENGINE } from "../fake_remote.ts";
import { FAKE_MODEL_ID } from "../fake_model.ts";
import { FAKE_INFO, fakeStatus } from "../fakes.ts";
import {
  assertAccessible,
  assertAccessibleOn,
  browserSuite,
  counted,
  settled,
  stripTokens,
} from "./browser.ts";
import { write } from "./states_exploring.ts";
import type { ModelVariants } from "../../lib/hub/folder/types.ts";
import type { AvailableModel } from "../../lib/wire/models.ts";

const browserTest = browserSuite();
const OTHER = "owner/Other-360M-Instruct";

function model(id: string, more: Partial<AvailableModel> = {}): AvailableModel {
  return {
    id,
    label: id,
    parameters: 361_821_120,
    bytes: 273_000_000,
    dtype: "q4",
    license: "apache-2.0",
    cached: false,
    bundled: false,
    ...more,
  };
}

const MODELS = [model(FAKE_MODEL_ID, { cached: true, bundled: true }), model(OTHER)];
const VARIANTS: ModelVariants = {
  id: OTHER,
  source: OTHER,
  license: "apache-2.0",
  files: [
    {
      file: "onnx/model.onnx",
      dtype: "fp32",
      bytes: 1_400_000_000,
      fidelity: "fp32: the full 32-bit weights, nothing is lost",
      cached: false,
      chosen: false,
      fits: false,
    },
    {
      file: "onnx/model_q4.onnx",
      dtype: "q4",
      bytes: 273_000_000,
      fidelity: "q4: 4-bit weights",
      cached: false,
      chosen: true,
      fits: true,
    },
  ],
};

/** The page as if it were in a tab behind another one, or in view again. */
function inBackground(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

const OPTIONS = { models: MODELS, variants: VARIANTS } as const;

browserTest("another model: files, progress, its arrival, and the text read again", OPTIONS, async (t) => {
  const { page, server: { engine } } = t;
  await write(page, 2);
  const text = (await stripTokens(page)).join("");
  await page.locator("#model-button").click();
  const dialog = page.getByRole("dialog", { name: "Models" });
  await dialog.getByText("In use").waitFor();
  await page.getByRole("button", { name: "Files of Other-360M-Instruct" }).click();
  await dialog.getByText("4-bit weights").waitFor();
  assert.equal(
    await page.getByRole("button", { name: "Load Other-360M-Instruct as fp32" }).getAttribute(
      "aria-disabled",
    ),
    "true",
  );
  await page.getByRole("button", { name: "Load Other-360M-Instruct as q4" }).click();
  await page.getByRole("progressbar", { name: "Loading Other-360M-Instruct" }).waitFor();
  assert.deepEqual(engine.loads, [{ modelId: OTHER, revision: null, variant: "q4", device: null }]);
  engine.setStatus(fakeStatus.swapping(OTHER));
  await dialog.getByText("25 of 100 MB · 5.0 MB/s · 15 s left").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#bars button").first().click();
  await counted(page, "30 prompt + 3 new"); // the old model serves meanwhile
  await settled(page);
  engine.setStatus(fakeStatus.ready({ id: OTHER }));
  await page.getByText("Other-360M-Instruct is in use. It read the text again, in a new branch.").waitFor();
  await settled(page);
  assert.equal(await page.locator(".model-name").textContent(), "Other-360M-Instruct");
  const again = (await stripTokens(page)).join("");
  assert.ok(again.startsWith(text), "the text is the same");
  await page.keyboard.press("m");
  await page.getByRole("tab", { name: /Branches 2 paths/ }).click();
  // The old path stays. Its ids mean nothing to the new model, and that is said.
  await page.locator(".sw", { hasText: "Main" }).click();
  await page.getByText("This text was written with three-hundred-tokens").waitFor();
  await assertAccessible(page, "text of another model");
  await page.getByRole("button", { name: "Read it again" }).click();
  await settled(page);
  assert.equal(await page.evaluate(() => localStorage.getItem("llmDemo.modelId")), OTHER);
});

browserTest("files that cannot be listed say why", {
  models: MODELS,
  expected: /422/,
}, async ({ page }) => {
  await settled(page);
  await page.locator("#model-button").click();
  await page.getByRole("button", { name: "Files of Other-360M-Instruct" }).click();
  await page.getByText(`There is no model ${OTHER} on the hub.`).waitFor();
});

browserTest("a load is cancelled", OPTIONS, async ({ page, server: { engine } }) => {
  await settled(page);
  await page.locator("#model-button").click();
  await page.getByRole("button", { name: "Download Other-360M-Instruct" }).click();
  await page.getByRole("button", { name: "Cancel Other-360M-Instruct" }).click();
  await page.getByText("Cancelled. What was downloaded is kept").waitFor();
  await page.getByRole("button", { name: "Download Other-360M-Instruct" }).waitFor();
  assert.equal(engine.status().load, null);
  assert.equal(await page.evaluate(() => localStorage.getItem("llmDemo.modelId")), null);
});

browserTest("a load fails: the reason stands there, and the way out", OPTIONS, async (t) => {
  const { page, server: { engine } } = t;
  await settled(page);
  await page.locator("#model-button").click();
  await page.getByLabel(/any Hugging Face id/).fill("some/where");
  await page.keyboard.press("Enter");
  await page.getByRole("progressbar", { name: "Loading where" }).waitFor();
  engine.setStatus(fakeStatus.loadFailed("some/where is not on the hub. Check its name."));
  const alert = page.getByRole("dialog").getByRole("alert");
  await alert.getByText("some/where is not on the hub. Check its name.").waitFor();
  await assertAccessible(page, "load failed");
  await page.getByRole("button", { name: "Retry where" }).click();
  await page.getByRole("progressbar", { name: "Loading where" }).waitFor();
  assert.deepEqual(engine.loads.map(({ modelId }) => modelId), ["some/where", "some/where"]);
});

browserTest(
  "a model on another engine: what is wrong is said, it is loaded by its name, its place is told",
  OPTIONS,
  async (t) => {
    const { page, server: { engine } } = t;
    await write(page, 2);
    await page.locator("#model-button").click();
    await page.getByText("A model on another engine").click();
    await page.getByLabel("Engine", { exact: true }).selectOption("openai");
    await page.getByLabel("Address").fill("gpu:8000");
    await page.getByText("The address begins with http:// or https://.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Connect" }).getAttribute("aria-disabled"), "true");
    await assertAccessible(page, "the form of an engine");
    await page.getByLabel("Address").fill("http://gpu:8000");
    await page.getByLabel(/Its model on the hub/).fill("owner/name");
    await page.keyboard.press("Enter");
    const name = "openai+http://gpu:8000#owner/name";
    await page.getByRole("progressbar", { name: /Loading/ }).waitFor();
    assert.deepEqual(engine.loads, [{ modelId: name, revision: null, variant: null, device: null }]);
    engine.setStatus(
      fakeStatus.loadFailed("The engine at http://gpu:8000 cannot be reached. When it is back, ask again."),
    );
    await page.getByRole("alert").getByText("cannot be reached").first().waitFor();
    await page.getByRole("button", { name: /^Retry/ }).click();
    await page.getByRole("progressbar", { name: /Loading/ }).waitFor();
    engine.setStatus(fakeStatus.ready({ id: "served-name", backend: FAKE_ENGINE }));
    await page.getByText("Texts go to the engine at http://gpu:8000, and nowhere else.").waitFor();
    await page.waitForFunction((name) => localStorage.getItem("llmDemo.modelId") === name, name);
  },
);

browserTest("a load that another page asked for is seen, and refused here", {
  ...OPTIONS,
  expected: /409/,
}, async ({ page, server: { engine } }) => {
  await settled(page);
  await page.locator("#model-button").click();
  await page.getByRole("button", { name: "Download Other-360M-Instruct" }).waitFor();
  engine.setStatus(fakeStatus.swapping("owner/theirs"));
  await page.getByRole("progressbar", { name: "Loading theirs" }).waitFor();
  engine.setStatus(fakeStatus.ready());
  await page.getByRole("button", { name: "Download Other-360M-Instruct" }).waitFor();
  await page.evaluate((id) => localStorage.setItem("llmDemo.modelId", id), OTHER);
  await page.reload();
  await page.getByRole("button", { name: "Use it again" }).waitFor();
  // A page in the background follows no status: it learns of the other load by being refused.
  await inBackground(page, true);
  engine.setStatus(fakeStatus.swapping("owner/theirs"));
  await page.getByRole("button", { name: "Use it again" }).click();
  await page.locator(".toast").getByText("owner/theirs is being loaded").waitFor();
  await inBackground(page, false);
  engine.setStatus(fakeStatus.ready({ id: "owner/theirs" }));
  // The change is shown at once; the text is read again where that is wanted.
  await page.waitForFunction(() => document.querySelector(".model-name")?.textContent === "theirs");
  assert.equal(await page.locator("#bars button").count(), 0, "no bars of the old model under the new name");
  await page.getByRole("button", { name: "Read it again" }).click();
  await settled(page);
});

browserTest(
  "another file of the same model: new bars at once, on a page that asked for nothing",
  OPTIONS,
  async (t) => {
    const { page, server: { engine } } = t;
    await write(page, 1);
    const asked = engine.jobs.length;
    engine.setStatus(
      fakeStatus.ready({ modelKey: "fp32", backend: { ...FAKE_INFO.backend, variant: "fp32" } }),
    );
    await page.locator(".model-meta").getByText("32-bit").waitFor();
    await settled(page);
    assert.equal(engine.jobs.length, asked + 1);
    await counted(page, "30 prompt + 1 new");
  },
);

browserTest(
  "a failed load of another page is none of this one's; its own can be dismissed",
  OPTIONS,
  async (t) => {
    const { page, server: { engine } } = t;
    await settled(page);
    engine.setStatus(fakeStatus.swapping("owner/theirs"));
    engine.setStatus(fakeStatus.loadFailed("theirs is broken."));
    await page.locator("#model-button").click();
    await page.getByRole("button", { name: "Download Other-360M-Instruct" }).click();
    assert.equal(await page.getByText("theirs is broken.").count(), 0);
    await page.getByRole("progressbar", { name: "Loading Other-360M-Instruct" }).waitFor();
    engine.setStatus(fakeStatus.loadFailed("Other has no tokenizer."));
    await page.locator("p.notice").getByText("Other has no tokenizer.").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.locator("p.notice").waitFor({ state: "detached" });
  },
);

browserTest("the model that was chosen last time is offered again", OPTIONS, async (t) => {
  const { page, server: { engine } } = t;
  await settled(page);
  await page.evaluate((id) => localStorage.setItem("llmDemo.modelId", id), OTHER);
  await page.reload();
  await page.getByText("You chose Other-360M-Instruct the last time.").waitFor();
  await assertAccessible(page, "offer of a model");
  await page.getByRole("button", { name: "Use it again" }).click();
  await page.getByText("You chose").waitFor({ state: "detached" });
  assert.equal(engine.loads[0]?.modelId, OTHER);
  engine.cancelLoad();
  await page.reload();
  await page.getByRole("button", { name: "Stay with this one" }).click();
  await page.reload();
  await settled(page);
  assert.equal(await page.getByText("You chose").count(), 0);
});

browserTest("a model that failed at the start: another one is chosen", {
  ...OPTIONS,
  status: fakeStatus.failed(),
}, async ({ page, server: { engine } }) => {
  await page.getByRole("button", { name: "Choose another model" }).click();
  await page.getByRole("button", { name: "Download Other-360M-Instruct" }).click();
  engine.setStatus(fakeStatus.ready({ id: OTHER }));
  await settled(page);
});

browserTest("axe-core finds nothing in the picker", OPTIONS, async ({ page, server: { engine } }) => {
  await settled(page);
  await page.locator("#model-button").click();
  await page.getByRole("button", { name: "Files of Other-360M-Instruct" }).click();
  await page.getByText("4-bit weights").waitFor();
  await assertAccessibleOn(page, "files");
  engine.setStatus(fakeStatus.swapping(OTHER));
  await page.getByRole("button", { name: "Download" }).first().waitFor({ state: "detached" });
  await assertAccessibleOn(page, "loading");
});
