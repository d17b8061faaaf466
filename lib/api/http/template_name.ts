// The name of a chat template in a request: it is one of the model's, also where no template is used in the end.
import { isRecord } from "../../basics/is_record.ts";
import type { EngineStatus } from "../../engine/types.ts";
import { noChatTemplateError } from "../../fault.ts";

/** Throws invalid_request where `input` names a chat template that the model which serves does not have. */
export function checkTemplateName(input: unknown, { model }: EngineStatus): void {
  if (!isRecord(input) || typeof input.chat_template !== "string" || model.state !== "ready") return;
  const names = model.info.chatTemplates ?? [];
  if (!names.includes(input.chat_template)) throw noChatTemplateError(input.chat_template, names);
}
