// What is sent to the server, as plain JSON: the exact ids of the context, and every setting.
import type { Include, PreviewInput } from "../../wire/preview.ts";
import type { StepInput } from "../../wire/step.ts";
import type { Params } from "../../sampling/params.ts";
import { chatRequest } from "../session/chat_model.ts";
import { pathIds, rootOf } from "../session/tree.ts";
import type { PromptSource, Question, Settings, StepBody, TreeNode } from "../session/types.ts";

export type PreviewBody = Partial<PreviewInput>;
export type StepRequest = Partial<StepInput>;

/** A prompt that nobody has read yet: text as it stands, or a conversation through the model's template. */
export function promptContext(source: PromptSource): PreviewBody {
  return source.kind === "text"
    ? { prompt: source.text, system_prompt: "", use_chat_template: false }
    : { ...chatRequest(source) };
}

/** The context of a place: ids where there are any, so that nothing is tokenised twice. */
function placeContext(node: TreeNode): PreviewBody {
  const ids = pathIds(node);
  return ids === null
    ? promptContext(rootOf(node).source)
    : { prompt_ids: ids.prompt, completion_ids: ids.completion };
}

/** The settings as they travel; mirostat goes on from where the place left it. */
function settingsFields({ params, topK, constraint }: Settings, node: TreeNode, include: readonly Include[]) {
  const mu = node.kind === "step" && params.mirostat_tau > 0 ? node.record.mu : params.mirostat_mu;
  const sent: Params = mu === params.mirostat_mu ? params : { ...params, mirostat_mu: mu };
  return { top_k: topK, params: sent, constraint, include };
}

/** POST /api/preview of a place. */
export function previewBody(node: TreeNode, settings: Settings, include: readonly Include[]): PreviewBody {
  return { ...placeContext(node), ...settingsFields(settings, node, include) };
}

/** POST /api/preview of a prompt, with the completion that it takes along. */
export function readBody(question: Question): PreviewBody {
  const { body, settings, include } = question;
  if (body.kind !== "read") throw new Error("Only a prompt can be read");
  const { root, keep } = body;
  const fields = { ...promptContext(root.source), ...settingsFields(settings, root, include) };
  if (keep === null || !("steps" in keep)) return fields;
  const completion_ids = keep.steps.map(({ record }) => record.pill.id);
  return { ...fields, completion_ids, include: [...new Set([...include, "prompt_scores" as const])] };
}

/** POST /api/step. */
export function stepBody(body: StepBody, settings: Settings, include: readonly Include[]): StepRequest {
  const { force } = body;
  return {
    ...placeContext(body.node),
    ...settingsFields(settings, body.node, include),
    ...force === null ? {} : "id" in force ? { force_token_id: force.id } : { force_text: force.text },
  };
}
