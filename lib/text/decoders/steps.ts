// The steps of decoders that work on text (tokenizers/src/decoders).
import { characterOption, type Component, countOption, flagOption, textOption } from "../file/component.ts";
import { metaspaceOptions } from "../pre_tokenizers/metaspace.ts";
import { literalPattern, patternOption } from "../unicode/pattern.ts";
import { type Chunk, cutChunk, prefixChunk, replaceIn, type Step, textOf } from "./chunk.ts";

/** Without a decoder the tokens are joined by spaces. */
export function spaces(chunks: readonly Chunk[]): Chunk[] {
  return chunks.map((chunk, at) => at === 0 ? chunk : prefixChunk(chunk, " "));
}

/** Joins all strings into one. */
export function fuse(chunks: readonly Chunk[]): Chunk[] {
  return [chunks.flat()];
}

/** The step that replaces a pattern in every string by `content`. */
export function replace(component: Component): Step {
  const pattern = patternOption(component);
  const content = textOption(component, "content");
  return (chunks) => chunks.map((chunk) => replaceIn(chunk, pattern, content));
}

/** Marks become spaces, those of the first token nothing. */
export function metaspace(component: Component): Step {
  const { mark, scheme } = metaspaceOptions(component);
  const pattern = literalPattern(mark);
  return (chunks) => {
    return chunks.map((chunk, at) => replaceIn(chunk, pattern, at === 0 && scheme !== "never" ? "" : " "));
  };
}

/** Cuts `content` from both ends of every string, at most so many times. */
export function strip(component: Component): Step {
  const content = characterOption(component, "content");
  const [left, right] = [countOption(component, "start"), countOption(component, "stop")];
  return (chunks) =>
    chunks.map((chunk) => {
      const text = textOf(chunk);
      let start = 0;
      for (let i = 0; i < left && text.startsWith(content, start); i++) start += content.length;
      let end = text.length;
      for (
        let i = 0;
        i < right && end > start && text.endsWith(content) && text.slice(start, end).endsWith(content);
        i++
      ) {
        end -= content.length;
      }
      return start === 0 && end === text.length ? chunk : cutChunk(chunk, start, end);
    });
}

/** The suffix that ends a word becomes a space, and nothing in the last token. */
export function bpeDecoder(component: Component): Step {
  const pattern = literalPattern(textOption(component, "suffix"));
  return (chunks) =>
    chunks.map((chunk, at) => replaceIn(chunk, pattern, at === chunks.length - 1 ? "" : " "));
}

/** Tokens that continue a word lose their prefix, the others get a space before them. */
export function wordPiece(component: Component): Step {
  const prefix = textOption(component, "prefix");
  const clean = flagOption(component, "cleanup");
  return (chunks) =>
    chunks.map((chunk, at) => {
      const text = textOf(chunk);
      const spaced = at === 0
        ? chunk
        : text.startsWith(prefix)
        ? cutChunk(chunk, prefix.length, text.length)
        : prefixChunk(chunk, " ");
      return clean ? cleanUp(spaced) : spaced;
    });
}

/** Equal neighbours are one token, and the padding between them nothing. */
export function ctc(component: Component): Step {
  const padding = literalPattern(textOption(component, "pad_token"));
  const delimiter = literalPattern(textOption(component, "word_delimiter_token"));
  const clean = flagOption(component, "cleanup");
  return (chunks) =>
    chunks
      .filter((chunk, at) => at === 0 || textOf(chunk) !== textOf(chunks[at - 1]!))
      .map((chunk) => {
        const bare = replaceIn(chunk, padding, "");
        return clean ? replaceIn(cleanUp(bare), delimiter, " ") : bare;
      })
      .filter((chunk) => textOf(chunk) !== "");
}

const english: readonly (readonly [from: string, to: string])[] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/** Transformers' own cleanup, which it does to the whole text. */
export function cleanUpText(chunks: readonly Chunk[]): Chunk[] {
  return [cleanUp(chunks.flat(), english.filter(([from]) => from !== " do not"))];
}

function cleanUp(chunk: Chunk, replaced = english): Chunk {
  return replaced.reduce((current, [from, to]) => {
    return textOf(current).includes(from) ? replaceIn(current, literalPattern(from), to) : current;
  }, chunk);
}
