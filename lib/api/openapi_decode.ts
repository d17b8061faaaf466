// The part of the OpenAPI document about preview, step, generate, vocabulary and tokenize.
import { answer, jobOperation, type Json, reference } from "./openapi_parts.ts";
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
  const response = answer(summary, reference(`${name}Result`));
  const content = { ...response.content as Json, ...events(PROGRESS) };
  return {
    post: jobOperation({ id, summary, request: `${name}Request`, response: { ...response, content } }),
  };
}

function generateOperation(): Json {
  const summary = "Step after step until something ends it.";
  const description =
    "Events `step` with a StepResult each, then `done` with a GenerateSummary; where `stream` is false one GenerateResult.";
  const content = { ...answer("", reference("GenerateResult")).content as Json, ...events(description) };
  return jobOperation({
    id: "generate",
    summary,
    request: "GenerateRequest",
    response: { description, content },
  });
}

const PROGRESS =
  "With Accept: text/event-stream: events `progress` {done, total}, then one `result`, or `error`.";

function events(description: string): Json {
  return { "text/event-stream": { schema: { type: "string", description } } };
}
