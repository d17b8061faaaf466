// Cases for operators that work element by element.
import { binary, broadcastPair, type Case, extreme, kinked, several, spaced, unary } from "./case_kinds.ts";
import { checkGradient, random } from "./small_graphs.ts";

export const ELEMENTWISE_CASES: Readonly<Record<string, Case>> = {
  Add: binary("Add", [-1, 1], [-1, 1]),
  Sub: binary("Sub", [-1, 1], [-1, 1]),
  Mul: binary("Mul", [-1, 1], [-1, 1]),
  Div: binary("Div", [-1, 1], [0.5, 2]),
  Sum: several("Sum", (shape) => [shape, shape.slice(1), shape.map(() => 1)]),
  Neg: unary("Neg", [-1, 1]),
  Identity: unary("Identity", [-1, 1]),
  Dropout: unary("Dropout", [-1, 1]),
  Cast: unary("Cast", [-1, 1], { to: 1n }),
  CastLike: (shape, seed) =>
    checkGradient({ x: random(seed, shape) }, (draft) => draft.op("CastLike", ["x", draft.floats([1])])),
  Pow: (shape, seed) =>
    checkGradient(
      { x: random(seed, shape, 0.5, 2) },
      (draft) => draft.op("Pow", ["x", draft.floats([[2, 3, -0.5, 1.5][seed % 4]!])]),
    ),
  Sqrt: unary("Sqrt", [0.5, 2]),
  Reciprocal: unary("Reciprocal", [0.5, 2]),
  Exp: unary("Exp", [-1, 1]),
  Log: unary("Log", [0.5, 2]),
  Sin: unary("Sin", [-2, 2]),
  Cos: unary("Cos", [-2, 2]),
  Tanh: unary("Tanh", [-1, 1]),
  Sigmoid: unary("Sigmoid", [-2, 2]),
  Erf: unary("Erf", [-1, 1]),
  Softplus: unary("Softplus", [-2, 2]),
  Abs: kinked("Abs"),
  Relu: kinked("Relu"),
  LeakyRelu: kinked("LeakyRelu", { alpha: 0.2 }),
  Elu: kinked("Elu", { alpha: 0.7 }),
  Clip: (shape, seed) =>
    checkGradient(
      { x: spaced(seed, shape) },
      (draft) => draft.op("Clip", ["x", draft.floats([-0.6]), ...seed % 2 ? [draft.floats([0.4])] : []]),
    ),
  Max: extreme("Max"),
  Min: extreme("Min"),
  Where: (shape, seed) => {
    const [a, b] = broadcastPair(shape, seed);
    return checkGradient({ a: random(seed, a), b: spaced(seed + 1, b) }, (draft) => {
      const condition = draft.op("Greater", [draft.op("Add", ["a", "b"]), draft.floats([1e9])]);
      const mixed = draft.op("Xor", [
        condition,
        draft.op("Less", [draft.floats([0.6]), "b"]),
      ]);
      return draft.op("Where", [mixed, "a", "b"]);
    });
  },
};
