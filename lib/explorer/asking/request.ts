// What is sent to the server, as plain JSON: the exact ids of the context, and every setting.
import type { ForModel } from "../../wire/token.ts";
import type { Include, PreviewInput } from "../../wire/preview.ts";
import type { StepInput } from "../../wire/step.ts";
import type { Params } from "../../sampling/params.ts";
import { chatRequestOf } from "../session/chat_model.ts";
import { pathIdsOf, rootOf } from "../session/tree.ts";
import type { PromptSource, Question, Settings, StepBody, TreeNode } from "../session/types.ts";

export type PreviewBody = Partial<PreviewInput>;
export type StepRequest = Partial<StepInput>;

/** A prompt that the server has not read yet: text as it stands, exact tokens, or a conversation through the model's
 * template. */
export function contextOfPrompt(source: PromptSource): PreviewBody {
  if (source.kind === "chat") return { ...chatRequestOf(source) };
  if (source.kind === "tokens") return { prompt_ids: source.ids };
  return { prompt: source.text, system_prompt: "", use_chat_template: false };
}

/** The context of a place: ids where there are any, so that nothing is tokenised twice. */
function contextOfPlace(node: TreeNode): PreviewBody {
  const ids = pathIdsOf(node);
  return ids === null
    ? contextOfPrompt(rootOf(node).source)
    : { prompt_ids: ids.prompt, completion_ids: ids.completion };
}

/** The settings as they travel; mirostat goes on from where the place left it. */
function fieldsOfSettings(
  { params, topK, constraint }: Settings,
  node: TreeNode,
  include: readonly Include[],
) {
  const mu = node.kind === "step" && params.mirostat_tau > 0 ? node.record.mu : params.mirostat_mu;
  const sent: Params = mu === params.mirostat_mu ? params : { ...params, mirostat_mu: mu };
  return { top_k: topK, params: sent, constraint, include };
}

/** POST /api/preview of a place. `modelKey`: the model it is made for; null: any. */
export function bodyOfPreview(
  node: TreeNode,
  settings: Settings,
  include: readonly Include[],
  modelKey: string | null = null,
): PreviewBody {
  return { ...contextOfPlace(node), ...fieldsOfSettings(settings, node, include), ...modelFieldOf(modelKey) };
}

function modelFieldOf(modelKey: string | null): ForModel {
  return modelKey === null ? {} : { model_key: modelKey };
}

/** POST /api/preview of a prompt, with the completion that it takes along. */
export function bodyOfRead(question: Question): PreviewBody {
  const { body, settings, include, modelKey } = question;
  if (body.kind !== "read") throw new Error("Only a prompt can be read");
  const { root, kept } = body;
  const context = { ...contextOfPrompt(root.source), ...modelFieldOf(modelKey) };
  const fields = { ...context, ...fieldsOfSettings(settings, root, include) };
  if (kept === null || !("steps" in kept)) return fields;
  const completion_ids = kept.steps.map(({ record }) => record.token.id);
  return { ...fields, completion_ids, include: [...new Set([...include, "prompt_scores" as const])] };
}

/** POST /api/step. */
export function bodyOfStep(body: StepBody, { settings, include, modelKey }: Question): StepRequest {
  const { force, goesOn } = body;
  return {
    ...modelFieldOf(modelKey),
    ...contextOfPlace(body.node),
    ...fieldsOfSettings(settings, body.node, include),
    ...goesOn && { goes_on: true },
    ...force === null ? {} : "id" in force ? { force_token_id: force.id } : { force_text: force.text },
  };
}
