// One request of POST /v1/completions on its way: its prompts, their choices, and what is answered of them.
import type { Context } from "fresh";
import type { State } from "../../define.ts";
import type { CompletionEnd } from "../../engine/complete.ts";
import type { SubmitOptions } from "../../engine/types.ts";
import type { LogprobsInput, ReadPromptResult } from "../../wire/sample.ts";
import { chooseBest } from "../completions/best.ts";
import { type ChoiceInput, type ChoicePiece, collect, runChoice } from "../completions/choice.ts";
import { logprobsOf } from "../completions/logprobs.ts";
import {
  checkListed,
  choiceInput,
  listedLimitOf,
  promptInput,
  promptLogprobsOf,
  readDrawLimit,
  withChoiceSeed,
} from "../completions/request.ts";
import { writeJson } from "../http/json_parts.ts";
import { type CompletionsRequest, listedOf, promptsOf } from "./completions_request.ts";
import { endingOf, usageOf } from "./finish.ts";

/** One request on its way. */
export class CompletionRun {
  readonly #ctx: Context<State>;
  readonly #request: CompletionsRequest;
  readonly #id = `cmpl-${crypto.randomUUID()}`;
  readonly #created = Math.floor(Date.now() / 1000);
  #promptTokens = 0;
  #completionTokens = 0;

  constructor(ctx: Context<State>, request: CompletionsRequest) {
    this.#ctx = ctx;
    this.#request = request;
  }

  async whole(options: SubmitOptions): Promise<Uint8Array<ArrayBuffer>> {
    const { n, best_of = n, echo } = this.#request;
    const choices: unknown[] = [];
    let model = "";
    for (const { prompt, input } of await this.#prompts(best_of > n, options)) {
      model = prompt.model.model_id;
      let drawn: readonly Awaited<ReturnType<typeof collect>>[] = [];
      for (let at = 0; at < best_of; at++) {
        const choice = await collect(
          runChoice(this.#ctx.state.engine, prompt, withChoiceSeed(input, at), options),
        );
        this.#completionTokens += choice.end.tokens;
        drawn = best_of > n ? chooseBest([...drawn, choice], n, echo) : [...drawn, choice];
      }
      const { prompt_logprobs: asked } = this.#request;
      const prompt_logprobs = await promptLogprobsOf(this.#ctx.state.engine, prompt, asked, options);
      for (const { pieces, end } of drawn) {
        const ids = this.#ids(prompt, pieces.slice(echo ? 1 : 0));
        choices.push({ ...this.#choice(choices.length, pieces, end), prompt_logprobs, ...ids });
      }
    }
    return writeJson(this.#answer(model, choices, this.#usage()));
  }

  /** Data of the events, in order. */
  async *chunks(options: SubmitOptions): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    let model = "";
    let index = 0;
    const { include_usage, continuous_usage_stats } = this.#request.stream_options ?? {};
    const usage = include_usage ? null : undefined;
    for (const { prompt, input } of await this.#prompts(false, options)) {
      model = prompt.model.model_id;
      for (let at = 0; at < this.#request.n; at++) {
        let drawn = 0;
        for await (
          const { choice, tokens } of this.#pieces(prompt, withChoiceSeed(input, at), index++, options)
        ) {
          drawn += tokens;
          const soFar = continuous_usage_stats ? usageOf(prompt.ids.length, drawn) : usage;
          yield writeJson(this.#answer(model, [choice], soFar));
        }
      }
    }
    if (usage === null) yield writeJson(this.#answer(model, [], this.#usage()));
  }

  /** One choice as the pieces of a stream, and how many tokens were drawn for each. */
  async *#pieces(prompt: ReadPromptResult, input: ChoiceInput, index: number, options: SubmitOptions) {
    const run = runChoice(this.#ctx.state.engine, prompt, input, options);
    let echoes = this.#request.echo; // the first piece is the prompt
    for (let next = await run.next();; next = await run.next()) {
      const [pieces, end] = next.done ? [[], next.value] : [[next.value], null];
      const drawn = echoes ? [] : pieces;
      const choice = { ...this.#choice(index, pieces, end), ...this.#ids(prompt, drawn) };
      echoes = false;
      yield { choice, tokens: drawn.length };
      if (end === null) continue;
      this.#completionTokens += end.tokens;
      return;
    }
  }

  /** Every prompt with what its choices are drawn with. All are read first: nothing is computed of a request that lists
   * too much. `ranked`: log-probabilities of the choices are needed. */
  async #prompts(
    ranked: boolean,
    options: SubmitOptions,
  ): Promise<{ readonly prompt: ReadPromptResult; readonly input: ChoiceInput }[]> {
    const { n, echo, stream, return_tokens_as_token_ids, add_special_tokens } = this.#request;
    const max_tokens = readDrawLimit(this.#request.max_tokens);
    const { logprob_token_ids: ids, prompt_logprobs } = this.#request;
    const { engine } = this.#ctx.state;
    const names = return_tokens_as_token_ids ? "id" : "text";
    const prompts: { readonly prompt: ReadPromptResult; readonly input: ChoiceInput }[] = [];
    let listed = 0;
    let read = 0;
    for (const source of promptsOf(this.#request.prompt)) {
      const asked = promptInput(source, { texts: echo, add_special_tokens });
      const prompt = await engine.submit("read_prompt", asked, options);
      this.#promptTokens += prompt.ids.length;
      if (prompt_logprobs !== undefined) {
        read += prompt.ids.length;
        checkListed(read, listedLimitOf(prompt_logprobs, prompt.model.vocab_size), "prompt_logprobs");
      }
      const top = listedOf(this.#request.logprobs, prompt.model.vocab_size);
      if (top !== null) {
        const { length } = prompt.ids;
        const drawn = Math.min(max_tokens ?? Infinity, prompt.model.context_length - length);
        const tokens = n * ((echo ? length : 0) + drawn);
        listed = stream ? tokens / n : listed + tokens; // a stream goes out as it is made
        checkListed(listed, Math.max(top, ids?.length ?? 0));
      }
      const echoed = top === null && !ranked ? null : { top: top ?? 0, of: "raw", names } as const;
      const logprobs: LogprobsInput | null = echoed && { ...echoed, ...ids === undefined ? {} : { ids } };
      const input = choiceInput(this.#request, prompt.model, { max_tokens, echo, logprobs });
      prompts.push({ prompt, input });
    }
    return prompts;
  }

  #choice(index: number, pieces: readonly ChoicePiece[], end: CompletionEnd | null) {
    const asked = this.#request.logprobs !== null && this.#request.logprobs !== false;
    const tokens = pieces.flatMap((piece) => piece.tokens);
    return {
      index,
      text: pieces.map((piece) => piece.text).join("") + (end?.text ?? ""),
      logprobs: tokens.length === 0 && end !== null && this.#request.stream
        ? null
        : logprobsOf(tokens, asked),
      ...(end === null ? { finish_reason: null, stop_reason: null } : endingOf(end)),
    };
  }

  /** The prompt's ids and those of what was generated, where they are asked for. */
  #ids({ ids }: ReadPromptResult, pieces: readonly ChoicePiece[]) {
    if (!this.#request.return_token_ids) return {};
    return { prompt_token_ids: ids, token_ids: pieces.flatMap(({ tokens }) => tokens.map(({ id }) => id)) };
  }

  #answer(model: string, choices: readonly unknown[], usage: unknown) {
    return { id: this.#id, object: "text_completion", created: this.#created, model, choices, usage };
  }

  #usage() {
    return usageOf(this.#promptTokens, this.#completionTokens);
  }
}
