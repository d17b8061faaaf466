// POST /api/constraint/check: whether a constraint can be used, and how far a text goes with it. No model is asked.
import type { Context } from "fresh";
import { z } from "zod";
import type { State } from "../../define.ts";
import type { ConstraintCheckInput, ConstraintCheckResult } from "../../wire/constraint.ts";
import { answerWork } from "../http/answer.ts";
import { readJson } from "../http/body.ts";
import { parseRequest } from "../http/parse.ts";
import {
  constraintExpectations,
  constraintFields,
  constraintNotes,
  constraintPlace,
} from "../schemas/constraint.ts";
import { answer, bodyOf, describeErrors, type Endpoint, schemaReferenceOf } from "../schemas/operation.ts";
import { count } from "../schemas/token.ts";
import { text } from "../schemas/values.ts";

const constraintCheckRequest = z.strictObject({
  ...constraintFields,
  text: text.nullable().default(null).describe("A text to be read with the constraint."),
}) satisfies z.ZodType<ConstraintCheckInput>;

export const constraintCheckResult = z.object({
  ok: z.boolean(),
  error: z.object({
    message: z.string(),
    line: count.optional().describe("From 1."),
    column: count.optional().describe("From 1, in UTF-16 units."),
    pointer: z.string().optional().describe("JSON pointer into a schema."),
  }).optional().describe("Where ok is false."),
  text: z.object({
    possible: z.boolean().describe("A text of the constraint begins with it."),
    complete: z.boolean().describe("It is one."),
    failed_at: count.nullable().describe("The first byte of its UTF-8 that cannot be."),
    may_end: z.boolean().describe("It could have ended at that byte, or behind the text."),
    ...constraintExpectations,
    where: z.array(constraintPlace).describe("Where in the constraint that byte, or the text's end, is."),
  }).optional().describe("Where a text was sent."),
  notes: constraintNotes,
}) satisfies z.ZodType<ConstraintCheckResult>;

/** Answers also while no model is loaded. */
export async function answerConstraintCheck(ctx: Context<State>): Promise<Response> {
  const input = parseRequest(constraintCheckRequest, await readJson(ctx.req));
  return await answerWork(ctx, ({ signal }) => ctx.state.checks.check(input, signal));
}

const SUMMARY = "Whether a constraint can be used, and how far a text goes with it; no model is asked.";

export const constraintCheckEndpoint: Endpoint = {
  path: "/api/constraint/check",
  operations: {
    post: {
      operationId: "constraintCheck",
      summary: SUMMARY,
      requestBody: bodyOf("ConstraintCheckRequest"),
      responses: {
        200: answer(SUMMARY, schemaReferenceOf("ConstraintCheckResult")),
        ...describeErrors(400, 403, 413, 415, 429),
      },
    },
  },
  schemas: {
    ConstraintCheckRequest: [constraintCheckRequest, "input"],
    ConstraintCheckResult: [constraintCheckResult, "output"],
  },
};
