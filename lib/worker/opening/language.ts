// The model as lib/decode asks it: text, chat template, vocabulary, and logits from the caches.
import type { LanguageModel } from "../../decode/types.ts";
import { ConstraintPositions } from "../../decode/constraint_positions.ts";
import { DistributionCache } from "../../decode/distribution_cache.ts";
import { VocabularyIndex } from "../../decode/vocabulary_index.ts";
import type { ModelFolder } from "../../hub/folder/types.ts";
import { createLanes, type Lanes } from "../../sandbox/lanes.ts";
import { openChatTemplate } from "../../text/chat_template.ts";
import { readAdditionalTokens, readNamedTokens } from "../../text/tokenizer_config.ts";
import type { TextCodec } from "../../text/types.ts";
import { createChatRenderer } from "./chat_renderer.ts";
import type { TokenizerInfo } from "../../wire/sample.ts";
import type { ModelInfo } from "../../protocol/model_info.ts";

const REGEX_DEADLINE_MS = 1000;

/** Beyond the limits that a constraint keeps by itself: the vocabulary's tree is built within it too. */
const CONSTRAINT_DEADLINE_MS = 4000;

/** Where untrusted programs run: none waits for another purpose's, nor long for one that is slow. */
interface Sandboxes {
  readonly templates: Lanes;
  readonly searches: Lanes; // regular expressions
  readonly constraints: Lanes;
}

/** Sandboxes without a Worker yet. */
export function createSandboxes(): Sandboxes {
  return { templates: createLanes(), searches: createLanes(), constraints: createLanes() };
}

/** Puts the parts together. */
export function createLanguage(
  info: ModelInfo,
  { tokenizerConfig, chatTemplates }: Pick<ModelFolder, "tokenizerConfig" | "chatTemplates">,
  codec: TextCodec,
  { logits, attribution, drawAhead, turns }: Pick<
    LanguageModel,
    "logits" | "attribution" | "drawAhead" | "turns"
  >,
  sandboxes: Sandboxes,
): LanguageModel {
  const { id, modelKey, tokenizerKey, backend, vocabSize, contextLength, eosTokenIds } = info;
  const { device, arithmetic } = backend;
  const template = openChatTemplate(
    { config: tokenizerConfig, templates: chatTemplates },
    sandboxes.templates,
  );
  const vocabulary = new VocabularyIndex(
    codec,
    vocabSize,
    (pattern, texts, signal) =>
      sandboxes.searches.run("regex_search", { pattern, texts }, { deadlineMs: REGEX_DEADLINE_MS, signal }),
  );
  const constraints = new ConstraintPositions(
    codec,
    { size: vocabSize, key: tokenizerKey, ends: eosTokenIds },
    (question, signal) =>
      sandboxes.constraints.run("constraint_position", question, {
        ...{ deadlineMs: CONSTRAINT_DEADLINE_MS, signal, key: JSON.stringify(question.constraint) },
        runsOn: true, // a new Worker would build the vocabulary's tree again
      }),
  );
  return {
    ...{ id, modelKey, tokenizerKey, device, arithmetic, codec, vocabulary, constraints },
    ...{ vocabSize, contextLength, eosTokenIds },
    distributions: new DistributionCache(),
    tokenizerInfo: tokenizerInfoOf(tokenizerConfig, chatTemplates["default"] ?? null),
    chat: template === null ? null : createChatRenderer(template),
    ...{ logits, attribution, turns, ...drawAhead && { drawAhead } },
  };
}

function tokenizerInfoOf(
  config: ModelFolder["tokenizerConfig"],
  chat_template: string | null,
): TokenizerInfo {
  const { tokenizer_class: name } = config;
  const additional_special_tokens = readAdditionalTokens(config);
  return {
    tokenizer_class: typeof name === "string" ? name : null,
    tokens: {
      ...readNamedTokens(config),
      ...additional_special_tokens === null ? {} : { additional_special_tokens },
    },
    chat_template,
  };
}
