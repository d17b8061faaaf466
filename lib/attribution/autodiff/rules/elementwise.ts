// Rules for operators that work element by element. G is the gradient of the output y; u(G, a) sums G over the axes
// along which a was broadcast. Formulas: derivatives of elementary functions.
import { floatAttribute } from "../../../onnx/graph_attributes.ts";
import { valuesOf } from "../../../onnx/graph_tensors.ts";
import { type Rule, type Step, unbroadcast, unsupportedError } from "./rule.ts";

/** Gradients of a binary operator: `a` and `b` give them in the shape of the output. */
function binary(step: Step, a: () => string, b: () => string): ReturnType<Rule> {
  const [left, right] = step.x as [string, string];
  return [
    () => unbroadcast(step, a(), left, right),
    () => unbroadcast(step, b(), right, left),
  ];
}

/** y = f(x) with dy/dx = derivative(x, y): G · derivative. */
function unary(derivative: (step: Step, x: string, y: string) => string): Rule {
  return (step) => [() => step.e.mul(step.g, derivative(step, step.x[0]!, step.y[0]!))];
}

/** Where `condition` holds, G goes back; elsewhere exactly 0, whatever G is. */
function maskBy(condition: (step: Step, x: string) => string): Rule {
  return (step) => [() => step.e.where(condition(step, step.x[0]!), step.g, step.e.number(0))];
}

/** y = x^p for a constant p: G p x^(p-1). */
function power(step: Step): ReturnType<Rule> {
  const { e, g, x: [base, exponent] } = step;
  const constant = e.draft.constant(exponent!);
  const values = constant === undefined ? null : valuesOf(constant);
  if (values?.length !== 1) throw unsupportedError("Pow with an exponent that is not one constant number");
  const p = values[0]!;
  const inner = () => p === 2 ? base! : e.op("Pow", [base!, e.number(p - 1)]);
  return [() => e.mul(g, e.scale(inner(), p)), null];
}

/** y = max or min of several: G goes to the inputs that equal y, in equal parts where several do. */
function extreme(step: Step): ReturnType<Rule> {
  const { e, g, x, y } = step;
  if (x.length === 1) return [() => g];
  const wins = (input: string) => e.cast(e.op("Equal", [input, y[0]!]));
  const share = () => e.div(g, x.map(wins).reduce((a, b) => e.add(a, b)));
  return x.map((input) => () => e.sumLike(e.mul(share(), wins(input)), input));
}

/** y = x where low <= x <= high, else the nearer limit. */
function clip(step: Step): ReturnType<Rule> {
  const { e, node, x: [x, low, high] } = step;
  const limit = (name: string | undefined, attribute: string) => {
    if (name !== undefined && name !== "") return name;
    return node.attribute.some(({ name }) => name === attribute)
      ? e.number(floatAttribute(node, attribute, 0))
      : null;
  };
  const [least, most] = [limit(low, "min"), limit(high, "max")];
  const inside = [
    ...least === null ? [] : [e.op("GreaterOrEqual", [x!, least])],
    ...most === null ? [] : [e.op("LessOrEqual", [x!, most])],
  ];
  if (inside.length === 0) return [() => step.g];
  return [() => e.where(inside.reduce((a, b) => e.op("And", [a, b])), step.g, e.number(0))];
}

/** y = condition ? a : b: u(condition ? G : 0, a), u(condition ? 0 : G, b). The branch not taken gets exactly 0. */
function where(step: Step): ReturnType<Rule> {
  const { e, g, x: [condition, a, b] } = step;
  const none = e.number(0);
  return [
    null,
    () => e.sumLike(e.where(condition!, g, none), a!),
    () => e.sumLike(e.where(condition!, none, g), b!),
  ];
}

const positive = (step: Step, x: string) => step.e.op("Greater", [x, step.e.number(0)]);
const pass: Rule = ({ g }) => [() => g];
const one = (step: Step, y: string) => step.e.sub(step.e.number(1), y);

export const ELEMENTWISE: Readonly<Record<string, Rule>> = {
  // a + b: u(G, a), u(G, b)
  Add: (step) => binary(step, () => step.g, () => step.g),
  // a - b: u(G, a), -u(G, b)
  Sub: (step) => binary(step, () => step.g, () => step.e.neg(step.g)),
  // a b: u(G b, a), u(G a, b); for a b with a = b both terms add
  Mul: (step) => binary(step, () => step.e.mul(step.g, step.x[1]!), () => step.e.mul(step.g, step.x[0]!)),
  // a / b: u(G / b, a), u(-G y / b, b)
  Div: (step) => {
    const { e, g, x, y } = step;
    return binary(step, () => e.div(g, x[1]!), () => e.neg(e.div(e.mul(g, y[0]!), x[1]!)));
  },
  // a + b + …: u(G, input) for each
  Sum: (step) => step.x.map((input) => () => step.e.sumLike(step.g, input)),
  Neg: ({ e, g }) => [() => e.neg(g)],
  Identity: pass,
  Dropout: pass, // its ratio acts in training alone
  Cast: pass, // between floats; to integers nothing goes back (the walk ends there)
  CastLike: ({ g }) => [() => g, null],
  Pow: power,
  // 1 / (2 y)
  Sqrt: (step) => [() => step.e.div(step.g, step.e.scale(step.y[0]!, 2))],
  // -y²
  Reciprocal: unary(({ e }, _, y) => e.neg(e.mul(y, y))),
  // y
  Exp: unary((_, __, y) => y),
  // 1 / x
  Log: (step) => [() => step.e.div(step.g, step.x[0]!)],
  // cos x, -sin x
  Sin: unary(({ e }, x) => e.op("Cos", [x])),
  Cos: unary(({ e }, x) => e.neg(e.op("Sin", [x]))),
  // 1 - y²
  Tanh: unary((step, _, y) => one(step, step.e.mul(y, y))),
  // y (1 - y)
  Sigmoid: unary((step, _, y) => step.e.mul(y, one(step, y))),
  // 2 / √π exp(-x²)
  Erf: unary(({ e }, x) => e.scale(e.exp(e.neg(e.mul(x, x))), 2 / Math.sqrt(Math.PI))),
  // log(1 + e^x): sigmoid x
  Softplus: unary(({ e }, x) => e.op("Sigmoid", [x])),
  // sign x
  Abs: unary(({ e }, x) => e.op("Sign", [x])),
  Relu: maskBy(positive),
  // x > 0 ? G : alpha G
  LeakyRelu: (step) => {
    const { e, g, node, x } = step;
    const slope = floatAttribute(node, "alpha", 0.01);
    return [() => e.where(positive(step, x[0]!), g, e.scale(g, slope))];
  },
  // x > 0 ? G : G (y + alpha)
  Elu: (step) => {
    const { e, g, node, x, y } = step;
    const below = () => e.mul(g, e.add(y[0]!, e.number(floatAttribute(node, "alpha", 1))));
    return [() => e.where(positive(step, x[0]!), g, below())];
  },
  Clip: clip,
  Max: extreme,
  Min: extreme,
  Where: where,
};
