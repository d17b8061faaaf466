// The model's layers and heads as a grid: what each part writes towards a logit, or where each head looks.
import type { AttributionResult, PartName, PartValue } from "../../wire/attribution.ts";
import { formatPercent, sayNumber } from "../words/format.ts";
import { type Heat, heatOfShare } from "../words/heat.ts";
import { renderToken } from "../words/appearance.ts";
import type { Contributor } from "./contributors.ts";
import { scoreHeats, scoreText } from "./scores.ts";
import { formatDecimal } from "../../basics/number_text.ts";

export interface GridCell<T> {
  readonly what: T;
  readonly heat: Heat | null;
  /** Its name and its number. */
  readonly label: string;
  readonly chosen: boolean;
}

export interface GridRow<T> {
  readonly name: string;
  readonly cells: readonly GridCell<T>[];
}

export interface GridView<T> {
  readonly columns: readonly string[];
  readonly rows: readonly GridRow<T>[];
}

/** "layer 3 head 5", "layer 29 MLP", "embedding". */
export function partNameOf({ kind, layer, head }: PartName): string {
  if (kind === "embedding") return "embedding";
  const part = { head: `head ${head}`, attention_bias: "attention bias", mlp: "MLP" }[kind];
  return `layer ${layer} ${part}`;
}

function isSamePart(a: PartName, b: PartName): boolean {
  return a.kind === b.kind && a.layer === b.layer && a.head === b.head;
}

/** Every part of the model by layer: heads, bias, MLP; the embedding above them. */
export function partGridOf(parts: readonly PartValue[], chosen: PartName | null): GridView<PartName> {
  const heats = scoreHeats(parts.map(({ value }) => value));
  const heads = parts.reduce((most, { head }) => Math.max(most, (head ?? -1) + 1), 0);
  const layers = parts.reduce((most, { layer }) => Math.max(most, (layer ?? -1) + 1), 0);
  const biased = parts.some(({ kind }) => kind === "attention_bias");
  const cell = ([part, heat]: readonly [PartValue, Heat | null]): GridCell<PartName> => ({
    what: { kind: part.kind, layer: part.layer, head: part.head },
    heat,
    label: `${partNameOf(part)}: ${scoreText(part.value, true)}`,
    chosen: chosen !== null && isSamePart(part, chosen),
  });
  const rowOf = (name: string, layer: number | null) => ({
    name,
    cells: parts.map((part, at) => [part, heats[at] ?? null] as const).filter(([part]) =>
      part.layer === layer
    ).map(cell),
  });
  return {
    columns: [
      ...Array.from({ length: heads }, (_, head) => String(head)),
      ...biased ? ["bias"] : [],
      "MLP",
    ],
    rows: [rowOf("Emb", null), ...Array.from({ length: layers }, (_, layer) => rowOf(String(layer), layer))],
  };
}

const STRONGEST = 8;

/** The parts that write most, by the size of their values. */
export function listStrongestParts(parts: readonly PartValue[]): readonly Contributor[] {
  const sorted = parts.map((part, key) => ({ part, key }))
    .sort((a, b) => Math.abs(b.part.value) - Math.abs(a.part.value));
  const most = Math.abs(sorted[0]?.part.value ?? 0);
  return sorted.slice(0, STRONGEST).map(({ part, key }) => {
    const name = partNameOf(part);
    const rendering = { parts: [{ kind: "text" as const, text: name }], spoken: name };
    return { key, rendering, score: scoreText(part.value, true), share: most === 0 ? 0 : part.value / most };
  });
}

/** What the parts add up to, in a sentence. */
export function sumText({ total, constant, unexplained, contrast }: AttributionResult): string {
  const what = contrast === null ? "the logit" : "the difference of the logits";
  const rest = Math.abs(unexplained ?? 0) < 5e-4
    ? "nothing is left over"
    : `${formatDecimal(unexplained!, 3)} is left over`;
  return `The parts and a constant of ${formatDecimal(constant ?? 0, 2)} add up to ${what}, ${
    formatDecimal(total ?? 0, 3)
  }; ${rest}.`;
}

/** A head of the model. */
export interface HeadName {
  readonly layer: number;
  readonly head: number;
}

/** Where each head looks: the share of its strongest token. */
export function headGridOf(
  { heads, tokens }: AttributionResult,
  chosen: { readonly layer: number | null; readonly head: number | null },
): GridView<HeadName> {
  const layers = heads ?? [];
  const columns = layers.reduce((most, row) => Math.max(most, row.length), 0);
  const chosenLayer = chosen.layer === -1 ? layers.length - 1 : chosen.layer;
  return {
    columns: Array.from({ length: columns }, (_, head) => String(head)),
    rows: layers.map((row, layer) => ({
      name: String(layer),
      cells: row.map((weights, head) => {
        const share = Math.max(...weights);
        const token = tokens[weights.indexOf(share)];
        const at = token === undefined ? "" : ` at ${renderToken(token).spoken}`;
        return {
          what: { layer, head },
          heat: share > 0 ? heatOfShare(share) : null,
          label: `layer ${layer} head ${head} looks most${at}, ${sayNumber(formatPercent(share))} %`,
          chosen: layer === chosenLayer && head === chosen.head,
        };
      }),
    })),
  };
}
