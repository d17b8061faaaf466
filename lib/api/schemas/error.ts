// What is answered where something is wrong, and how far a load is.
import { z } from "zod";
import type { ApiError, OpenAiError } from "../../wire/error.ts";

export const progress = z.object({
  phase: z.enum(["resolving", "downloading", "verifying", "opening"]),
  file: z.string().nullable(),
  received: z.number().min(0),
  total: z.number().min(0),
  bytes_per_second: z.number().min(0),
});

export const apiErrorSchema = z.object({
  error: z.string().describe("One sentence that says what to do."),
  code: z.string(),
  field: z.string().optional().describe("The field of the request that is wrong, such as ids[3]."),
  progress: progress.nullable().optional().describe("With the code model_loading: how far the load is."),
}) satisfies z.ZodType<Pick<ApiError, "error" | "code">>;

export const openAiErrorSchema = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable().describe("The field of the request."),
    code: z.string(),
  }),
}) satisfies z.ZodType<OpenAiError>;
