// Tokens that are named in a field of the sampling tab: by their id, by their text, which the server tokenises, or by
// the text that they had under another tokenizer.
import type { Token } from "../../wire/token.ts";
import type { Api } from "./api.ts";
import type { Explorer } from "./explorer.ts";
import { bodyOfPreview } from "./request.ts";
import type { TypedToken } from "../settings/list_fields.ts";
import type { IdsAside } from "../settings/named_ids.ts";
import { readyModel } from "../session/model.ts";
import { bareTokenOf } from "../session/step_record.ts";
import { formatCount } from "../words/format.ts";

/** What is done with a token that was found: its id, and the token where it is known. */
type Use = (id: number, tokens: readonly Token[]) => void;

export interface TypedTokens {
  /** Gives the token's id to `use`, when the server has said which it is, and the token itself where it is known. A
   * sentence says why there is none. */
  take(token: TypedToken, use: Use): string | null;
  /** Gives the tokens of the present tokenizer that have the texts of another one's to `use`, by the old ids. */
  takeOver(from: IdsAside, use: (found: ReadonlyMap<number, Token>) => void): void;
  stop(): void;
}

interface TypedTokensOptions {
  readonly explorer: Explorer;
  readonly api: Api;
  readonly onNotice: (text: string) => void;
}

const NO_ANSWER = "The server did not answer. Add it again.";
const ANOTHER_MODEL = "Another model has taken its place. Add it again.";

/** Turns what is typed for a list of tokens (bias, DRY breakers) into ids. */
export function createTypedTokens(options: TypedTokensOptions): TypedTokens {
  const { explorer, onNotice } = options;
  const stopped = new AbortController();
  const { tokenize, lookUp } = createAsking(options, stopped.signal);

  async function askText(text: string, use: Use): Promise<void> {
    const tokens = await tokenize(text, tokenizerOf(explorer));
    if (tokens === null) return;
    const [first, ...rest] = tokens;
    if (first === undefined) return onNotice("The tokenizer has no token for this text.");
    if (rest.length > 0) onNotice(`"${text}" is ${tokens.length} tokens; the first one was taken.`);
    use(first.id, [first]);
  }

  return {
    stop: () => stopped.abort(),
    take({ id, text }, use) {
      const vocabulary = readyModel(explorer.session.value)?.vocabulary ?? 0;
      if (id === null) void askText(text, use);
      else if (vocabulary > 0 && id >= vocabulary) {
        return `The model's tokens are #0 to #${formatCount(vocabulary - 1)}.`;
      } else void lookUp(id).then((tokens) => tokens && use(id, tokens));
      return null;
    },
    takeOver(from, use) {
      const tokenizerKey = tokenizerOf(explorer);
      const tokens = from.tokens.filter(isWhole);
      void findByText(tokens, (text) => tokenize(text, tokenizerKey)).then((found) => found && use(found));
    },
  };
}

function tokenizerOf({ session }: Explorer): string | undefined {
  return readyModel(session.value)?.tokenizerKey;
}

/** Asks the server about tokens. An answer that means nothing any more is null, and the user is told so. */
function createAsking({ explorer, api, onNotice }: TypedTokensOptions, signal: AbortSignal) {
  let asked = 0;
  const nextAsker = () => `typed.${asked++}`; // tokens that are added quickly one after the other are all wanted
  const isStill = (tokenizerKey: string | undefined) => {
    const same = tokenizerOf(explorer) === tokenizerKey;
    if (!same) onNotice(ANOTHER_MODEL);
    return same;
  };
  return {
    /** The tokens of a text by this tokenizer. */
    async tokenize(text: string, tokenizerKey: string | undefined): Promise<readonly Token[] | null> {
      const key = readyModel(explorer.session.value)?.key ?? null;
      const answer = await api.tokenize(text, key, signal, nextAsker()).catch(() => null);
      if (signal.aborted || !isStill(tokenizerKey)) return null;
      if (answer?.tokenizer_key === tokenizerKey) return answer!.tokens;
      onNotice(answer === null ? NO_ANSWER : ANOTHER_MODEL);
      return null;
    },
    /** The token with this id, in a list; none where there is no place at which to ask for it. */
    async lookUp(id: number): Promise<readonly Token[] | null> {
      const { answer, settings } = explorer.session.value;
      const tokenizerKey = tokenizerOf(explorer);
      if (answer === null) return [];
      const body = bodyOfPreview(answer.node, settings, [], answer.modelKey);
      const query = { query: String(id), mode: "id" as const, offset: 0, limit: 1 };
      const found = await api.vocabulary({ ...body, ...query }, signal, nextAsker()).catch(() => null);
      if (signal.aborted || !isStill(tokenizerKey)) return null;
      return found?.tokens.filter((token) => token.id === id).map(bareTokenOf) ?? [];
    },
  };
}

/** The text of the token says all of it: bytes of an unfinished character have none. */
function isWhole({ text, bytes, special }: Token): boolean {
  const written = new TextEncoder().encode(text);
  return special || (text !== "" && written.join() === bytes.join());
}

/** For each token the one that is the same text here, by the old id; none where its text is several tokens here. Null:
 * one of the texts was not answered. */
async function findByText(
  tokens: readonly Token[],
  tokenize: (text: string) => Promise<readonly Token[] | null>,
): Promise<Map<number, Token> | null> {
  const found = new Map<number, Token>();
  for (const token of tokens) {
    const here = await tokenize(token.text);
    if (here === null) return null;
    const [only, more] = here;
    if (only !== undefined && more === undefined && only.special === token.special) found.set(token.id, only);
  }
  return found;
}
