// POST /api/attribution answered in the browser: scores that depend on the request, held back or refused.
import type { Page } from "playwright-core";
import type { AttributionBody } from "../../lib/explorer/attribution/api.ts";
import type { AttributionAnswer, AttributionResult } from "../../lib/wire/attribution.ts";
import { attributionAnswer, FAITHFUL, HEADS, LENS, PARTS, REMOVAL } from "../explorer/attribution/answers.ts";
import { settled } from "./browser.ts";

export interface AttributionServer {
  /** Every question, estimates left out. */
  readonly asked: AttributionBody[];
  /** From now on everything is refused with this sentence. */
  refuse(reason: string): void;
}

const ESTIMATE: AttributionAnswer = {
  ok: true,
  attributions: [],
  source_len: 0,
  estimate: { ms: 2100, opening_ms: 1300, bytes: 390e6, free_bytes: 8e9, cached: false },
};

/** Answers the page's questions about attribution; with `hold` after its first progress never. */
export async function answerAttributions(
  page: Page,
  { hold = false }: { readonly hold?: boolean } = {},
): Promise<AttributionServer> {
  const asked: AttributionBody[] = [];
  let refusal: string | null = null;
  await page.route("**/api/attribution", async (route) => {
    const body: AttributionBody = route.request().postDataJSON();
    if (body.estimate) return await route.fulfill({ json: ESTIMATE });
    asked.push(body);
    if (hold) return;
    const data = refusal === null ? answerTo(body) : { error: refusal, code: "unsupported" };
    const progress = { done: 1, total: 2, phase: "computing", left_ms: 900 };
    const events = [["progress", progress], [refusal === null ? "result" : "error", data]] as const;
    const text = events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join("");
    await route.fulfill({ contentType: "text/event-stream", body: text });
  });
  return { asked, refuse: (reason) => void (refusal = reason) };
}

/** A plausible answer: scores of both signs, a method's own parts besides. */
function answerTo(body: AttributionBody): AttributionResult {
  const ids = [...body.prompt_ids ?? [], ...body.completion_ids ?? []];
  const place = body.target_span?.[0] ?? body.target_index ?? 0;
  const context = ids.slice(0, (body.prompt_ids?.length ?? 0) + place);
  const scores = context.map((id, at) => ((id * 7 + at * 3) % 10 + 1) / (at % 3 === 1 ? -12 : 8));
  const method = body.method ?? "occlusion";
  const common = { method, faithfulness: body.faithfulness ? FAITHFUL : null } as const;
  if (method === "integrated_gradients") {
    const unsure = { completeness_delta: 0.9, completeness_error: 0.4, trusted: false, evaluations: 400 };
    return attributionAnswer(scores, { ...common, ...unsure });
  }
  if (method === "direct_logit") {
    const removal = body.remove === undefined ? null : { ...REMOVAL, removed: body.remove };
    return attributionAnswer([], {
      ...common,
      parts: PARTS,
      total: 4.25,
      constant: 0.25,
      unexplained: 0,
      removal,
    });
  }
  if (method === "logit_lens") return attributionAnswer([], { ...common, lens: LENS });
  const heads = method === "attention" && body.heads ? HEADS : null;
  if (method === "comparison") return { ...attributionAnswer([]), ...common, comparison: COMPARISON };
  return attributionAnswer(scores, { ...common, heads });
}

const COMPARED = { ...FAITHFUL, attributions: [], ms: 400 };
const COMPARISON: AttributionResult["comparison"] = {
  methods: [
    {
      ...COMPARED,
      method: "occlusion",
      label: "Occlusion, token deleted",
      options: { occlusion: "delete_token" },
    },
    {
      ...COMPARED,
      ...{ method: "attention_rollout", label: "Attention rollout", options: {} },
      ...{ score: -2.4, verdict: "misleading" },
    },
  ],
  agreement: [[1, -0.4], [-0.4, 1]],
  left_out: [{ label: "Saliency", reason: "the operator Foo has no rule." }],
};

/** Opens "More controls" at the tab. */
export async function openAttribution(page: Page): Promise<void> {
  await settled(page);
  if (await page.locator("#bench").isHidden()) await page.keyboard.press("m");
  await page.getByRole("tab", { name: /Attribution/ }).click();
  await page.getByRole("button", { name: "Explain", exact: true }).waitFor();
}
