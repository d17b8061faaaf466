// From a load request to what a worker is told. What cannot be a model is refused here, before anything is started;
// nothing outside the roots is looked at.
import { fault, faultOf } from "../fault.ts";
import { parseVariant } from "../hub/folder/choose.ts";
import { parseHubId } from "../hub/folder/names.ts";
import { parseRemoteName } from "../hub/remote_name.ts";
import { resolveModel } from "../hub/resolve.ts";
import type { LoadSpec } from "../protocol/messages.ts";
import type { LoadRequest } from "./types.ts";

/** `base` with what the request asks for. Throws invalid_request with the field that is wrong. */
export async function specOf(request: LoadRequest, base: LoadSpec): Promise<LoadSpec> {
  const { variant, device } = request;
  const model = modelNameOf(request.modelId, request.revision);
  parseVariant(variant); // throws for an unknown name
  if (parseRemoteName(model) !== null) return { ...base, model };
  try {
    await resolveModel(model, base.roots);
  } catch (error) {
    if (faultOf(error)?.code !== "model_failed") throw error;
    throw fault("invalid_request", (error as Error).message, "model_id"); // a folder that is not there
  }
  return { ...base, model, variant: variant ?? base.variant, device: device ?? base.device };
}

/** `owner/name@revision`, or the name alone. Throws invalid_request where the two do not go together. */
export function modelNameOf(id: string, revision: string | null): string {
  if (revision === null) return id;
  const name = `${id}@${revision}`;
  if (parseHubId(id) === null || id.includes("@") || parseHubId(name) === null) {
    const sentence =
      "A revision is a branch, a tag or a commit of a model on the hub: owner/name and revision.";
    throw fault("invalid_request", sentence, "revision");
  }
  return name;
}
