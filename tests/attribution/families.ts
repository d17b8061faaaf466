// Language models as families build them, for tests of what must hold in all of them.
import type { Family } from "./small_models.ts";

export const FAMILIES: Readonly<Record<string, Family>> = {
  "Llama's": { norm: "rms", rotary: "halves", kvHeads: 2, activation: "silu", gated: true },
  "norms in pieces": { norm: "rms in pieces" },
  "layer norms and biases": { norm: "layer", biases: true },
  "layer norms in pieces": { norm: "layer in pieces", biases: true },
  "normalised writes, soft-caps, scaled embeddings (Gemma 2)": {
    ...{ norm: "rms in pieces", normsWrites: true, softcap: 3, scoreCap: 2, embeddingScale: 4.9, tied: true },
    ...{ rotary: "halves", kvHeads: 2, activation: "gelu by tanh", gated: true },
  },
  "normalised keys beside normalised writes (Gemma 3)": {
    ...{ norm: "rms", normsWrites: true, normsKeys: "by head", embeddingScale: 4.9, tied: true },
    ...{ rotary: "halves", kvHeads: 2, activation: "gelu by tanh", gated: true },
  },
  "normalised writes alone (OLMo 2)": {
    ...{ norm: "rms in pieces", normsInput: false, normsWrites: true, normsKeys: "whole" },
    ...{ rotary: "halves", activation: "silu", gated: true },
  },
  "normalised writes, fused": { norm: "rms", normsWrites: true },
  "normalised writes with biases": { norm: "layer in pieces", normsWrites: true, biases: true },
  "attention beside the MLP (GPT-NeoX)": {
    ...{ norm: "layer", parallel: true, biases: true, packed: "by head", rotary: "part", activation: "gelu" },
  },
  "attention beside the MLP, summed one after the other": { norm: "layer", parallel: "nested", biases: true },
  "one norm for attention and MLP (Phi)": {
    ...{ norm: "layer", parallel: "one norm", biases: true, rotary: "part", activation: "gelu by tanh" },
  },
  "neighbours turn (GPT-J)": { norm: "layer", parallel: "one norm", rotary: "neighbours", biases: true },
  "one head of keys (Falcon)": {
    ...{
      norm: "layer",
      parallel: "one norm",
      packed: "side by side",
      kvHeads: 1,
      rotary: "halves",
      tied: true,
    },
    activation: "gelu",
  },
  "packed projections (Phi-3)": {
    ...{
      norm: "rms in pieces",
      packed: "side by side",
      gated: "packed",
      activation: "silu",
      rotary: "halves",
    },
  },
  "slopes, folded heads, a normalised embedding (Bloom)": {
    ...{
      norm: "layer",
      embeddingNorm: true,
      slopes: true,
      foldsHeads: true,
      packed: "by head",
      biases: true,
    },
    ...{ activation: "gelu by tanh", tied: true },
  },
  "half of each head turns (StableLM)": {
    ...{ norm: "layer in pieces", rotary: "part", activation: "silu", gated: true, biases: true },
  },
  "every second layer turns (SmolLM3)": {
    ...{ norm: "rms in pieces", rotary: "halves", turnsEverySecond: true, kvHeads: 2, activation: "silu" },
    ...{ gated: true, tied: true },
  },
  "positions of their own, folded rows (OPT)": { norm: "layer", folded: true, biases: true, positions: true },
  "squared activations (Nemotron)": { norm: "layer", activation: "squared relu", rotary: "part" },
  "scaled writes and logits (Granite)": {
    ...{ norm: "rms", writeScale: 0.3, logitScale: 0.2, embeddingScale: 6, tied: true },
    ...{ rotary: "halves", kvHeads: 2, activation: "silu", gated: true },
  },
};
