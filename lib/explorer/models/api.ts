// The browser's side of the API about models: what there is, loading one, leaving a load.
import type { LoadInput, ModelList, ModelStatus } from "../../wire/models.ts";
import { requestJson } from "../asking/api.ts";

export interface ModelApi {
  /** The models that can be used; with an `id` the files of that model too. */
  models(id: string | null, signal: AbortSignal): Promise<ModelList>;
  /** Begins a load; the status comes back at once. */
  load(input: Partial<LoadInput>): Promise<ModelStatus>;
  cancel(): Promise<ModelStatus>;
}

/** A client over `fetch`. Every question rejects with an error whose `cause` is a Failure, or with an AbortError. */
export function createModelApi(origin = "."): ModelApi {
  const headers = { "content-type": "application/json" };
  const address = `${origin}/api/model/load`;
  return {
    models(id, signal) {
      const query = id === null ? "" : `?${new URLSearchParams({ id })}`;
      return requestJson(`${origin}/api/models${query}`, { signal });
    },
    load: (input) => requestJson(address, { method: "POST", headers, body: JSON.stringify(input) }),
    cancel: () => requestJson(address, { method: "DELETE" }),
  };
}
