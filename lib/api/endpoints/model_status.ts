// GET /api/model/status: the loaded model, and how far a load is.
import { z } from "zod";
import type { ModelStatus } from "../../wire/models.ts";
import { progress } from "../schemas/error.ts";
import { answer, describeErrors, type Endpoint, schemaReferenceOf } from "../schemas/operation.ts";
import { count, identity } from "../schemas/token.ts";

const onnxBackend = z.object({
  kind: z.literal("onnx"),
  device: z.enum(["cpu", "webgpu", "cuda", "coreml", "dml"]),
  arithmetic: z.enum(["float32", "float16"]),
  variant: z.string().describe("Of the model's files, q4 for example."),
  runtime: z.enum(["native", "addon"]),
});

const remoteKind = z.enum(["llamacpp", "openai"]);
const remoteBackend = z.object({
  kind: remoteKind,
  url: z.string().describe("Of the engine."),
  ...{ device: z.literal("remote"), arithmetic: z.literal("remote"), runtime: z.literal("remote") },
  variant: remoteKind,
  listed: count.nullable().describe("Tokens that the engine gives probabilities of; null: all."),
});

export const modelStatusSchema = z.object({
  model_id: z.string().nullable(),
  model_key: identity.model_key.nullable(),
  tokenizer_key: identity.tokenizer_key.nullable(),
  backend: z.discriminatedUnion("kind", [onnxBackend, remoteBackend]).nullable().describe(
    "What computes; its parts are repeated below.",
  ),
  device: z.string().nullable(),
  dtype: z.string().nullable().describe("The arithmetic, float32 for example."),
  loading: z.boolean().describe("True together with ready: the old model serves while a new one loads."),
  ready: z.boolean(),
  error: z.string().nullable(),
  has_chat_template: z.boolean(),
  eos_token_id: count.nullable(),
  vocab_size: count.nullable(),
  context_length: count.nullable(),
  quantization: z.string().nullable().describe("The variant of the model file, q4 for example."),
  runtime: z.enum(["native", "addon", "remote"]).nullable(),
  warning: z.string().nullable(),
  loading_id: z.string().nullable().describe("What is being loaded; model_id is what serves meanwhile."),
  load_error: z.string().nullable().describe(
    "Why the last load failed; the model before it goes on serving.",
  ),
  prefetch: z.object({ hits: count, wasted_tokens: count }),
  progress: progress.nullable(),
  cache: z.object({ hits: count, misses: count, bytes: count }),
}) satisfies z.ZodType<ModelStatus>;

export const modelStatusEndpoint: Endpoint = {
  path: "/api/model/status",
  operations: {
    get: {
      operationId: "modelStatus",
      summary: "The loaded model, and how far a load is.",
      responses: {
        200: answer("The status.", schemaReferenceOf("ModelStatus")),
        ...describeErrors(403, 500),
      },
    },
  },
  schemas: { ModelStatus: [modelStatusSchema, "output"] },
};
