// What one run of a tap graph is asked.
import type { Tensor } from "../../ort/types.ts";
import type { Past } from "../draft_model.ts";

/** One forward pass over contexts of equal length. */
export interface TapRun {
  /** Ids [batch][length], row-major. */
  readonly ids: readonly number[];
  readonly batch?: number;
  /** What every row of the batch has read before, batch 1. */
  readonly past?: Past;
  /** Which states of the residual stream the head reads; by default the last one: the model's logits. */
  readonly states?: readonly number[];
  /** Ids whose logits and ranks are wanted. */
  readonly scored?: readonly number[];
  /** Ids whose logits are split over the parts. */
  readonly split?: readonly [number, number];
  /** Rows of the parts without which state `layers` + 1 is predicted; by default all are there. */
  readonly removed?: readonly number[];
  /** Gates that are not all ones, by input. */
  readonly gates?: Readonly<Record<string, Tensor>>;
  /** Reads the whole text in one piece: for outputs that have a row for every position. */
  readonly whole?: boolean;
}
