// The part of the OpenAPI document about preview, step, generate, vocabulary and tokenize.
import { answerOrEvents, jobOperation, type Json, reference } from "./openapi_parts.ts";
import {
  generateResult,
  generateSummary,
  previewResult,
  stepResult,
  tokenizeResult,
  vocabularyResult,
} from "./response_schemas_decode.ts";
import {
  generateRequest,
  previewRequest,
  stepRequest,
  tokenizeRequest,
  vocabularyRequest,
} from "./schemas_decode.ts";

export const DECODE_SCHEMAS = {
  PreviewRequest: [previewRequest, "input"],
  PreviewResult: [previewResult, "output"],
  StepRequest: [stepRequest, "input"],
  StepResult: [stepResult, "output"],
  GenerateRequest: [generateRequest, "input"],
  GenerateResult: [generateResult, "output"],
  GenerateSummary: [generateSummary, "output"],
  VocabularyRequest: [vocabularyRequest, "input"],
  VocabularyResult: [vocabularyResult, "output"],
  TokenizeRequest: [tokenizeRequest, "input"],
  TokenizeResult: [tokenizeResult, "output"],
} as const;

/** The paths of these endpoints. */
export function decodePaths(): Json {
  return {
    "/api/preview": post(
      "preview",
      "The tokens of a context and the next one's distribution, explained.",
      "Preview",
    ),
    "/api/step": post("step", "Draws the next token, or appends forced ones.", "Step"),
    "/api/generate": { post: generateOperation() },
    "/api/vocabulary": post(
      "vocabulary",
      "Every token by rank, with search, a page at a time.",
      "Vocabulary",
    ),
    "/api/tokenize": post(
      "tokenize",
      "The tokens of a text; special-token strings are ordinary text.",
      "Tokenize",
    ),
  };
}

function post(id: string, summary: string, name: string): Json {
  const response = answerOrEvents(summary, reference(`${name}Result`));
  return { post: jobOperation({ id, summary, request: `${name}Request`, response }) };
}

function generateOperation(): Json {
  const events = "Events `step` with a StepResult each, then `done` with a GenerateSummary, or `error`.";
  const summary = "Step after step until something ends it; events, or one answer where stream is false.";
  return jobOperation({
    id: "generate",
    summary,
    request: "GenerateRequest",
    response: answerOrEvents(summary, reference("GenerateResult"), events),
  });
}
