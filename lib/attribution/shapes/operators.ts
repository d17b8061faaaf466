// Operators by what their first output has of their inputs: what shapes and element types are both read from.

/** It has the shape and the element type of the first input. */
export const LIKE_FIRST: readonly string[] = [
  ..."Identity Dropout Neg Abs Sign Sqrt Reciprocal Exp Log Sin Cos Tanh Sigmoid Erf".split(" "),
  ..."Softplus Clip Relu LeakyRelu Elu Gelu BiasGelu FastGelu QuickGelu Swish Softmax LogSoftmax".split(" "),
  ..."LayerNormalization RotaryEmbedding CumSum Trilu".split(" "),
];

/** It has the shape that the inputs have together, and their element type. */
export const ARITHMETIC: readonly string[] = "Add Sub Mul Div Pow Sum Max Min BitShift".split(" ");

/** It has the shape that the inputs have together, and is true or false. */
export const COMPARING: readonly string[] = [
  ..."Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor".split(" "),
];
