// Python's semantics over @huggingface/jinja's interpreter, which reads templates rightly but evaluates much as
// JavaScript does. One table of node types takes the place of its own evaluation; the rest is the library's.
import { Environment, Interpreter } from "@huggingface/jinja";
import { applyFilter } from "./filters.ts";
import { evaluateFor, type LoopControl } from "./loops.ts";
import { itemOf, memberOf, refuseUndefined } from "./members.ts";
import type { Arguments } from "./methods.ts";
import type { CallNode, Evaluator, Node, Nodes } from "./nodes.ts";
import { applyOperator } from "./operators.ts";
import { testPrefix } from "./parse.ts";
import { pythonText } from "./python.ts";
import { testCalled } from "./tests.ts";
import {
  boolean,
  callable,
  isCallable,
  isText,
  itemsOf,
  type Mapping,
  missing,
  none,
  type Scope,
  text,
  truth,
  type Value,
} from "./values.ts";

type Table = { readonly [K in keyof Nodes]?: (node: Nodes[K], scope: Scope) => Value };

/** An interpreter over `globals` that evaluates as Jinja2 does. */
export function createInterpreter(globals: Environment): Interpreter {
  const interpreter = new Interpreter(globals);
  const library = interpreter.evaluate.bind(interpreter) as unknown as Evaluator["evaluate"];
  const control: LoopControl = { pending: null };
  const evaluator: Evaluator = {
    evaluate: (node, scope) => {
      const own = node === undefined ? undefined : table[node.type as keyof Nodes];
      return own === undefined ? library(node, scope) : (own as Evaluator["evaluate"])(node, scope);
    },
    block: (body, scope) => {
      let out = "";
      for (const statement of body) {
        out += isStatement(statement)
          ? resultText(evaluator.evaluate(statement, scope))
          : pythonText(evaluator.evaluate(statement, scope));
        if (control.pending !== null) break;
      }
      return text(out);
    },
  };
  const table: Table = { ...statements(evaluator, library, control), ...expressions(evaluator, library) };
  // The library's other nodes reach their bodies and operands through these two methods.
  return Object.assign(interpreter, {
    evaluate: evaluator.evaluate,
    evaluateBlock: evaluator.block,
  }) as Interpreter;
}

const statementTypes = new Set([
  "If",
  "For",
  "Set",
  "Macro",
  "CallStatement",
  "FilterStatement",
  "Break",
  "Continue",
  "Comment",
]);
const isStatement = (node: Node) => statementTypes.has(node.type);
/** Statements give the text of their bodies, or nothing. */
const resultText = (value: Value) => isText(value) ? value.value : "";

function statements(evaluator: Evaluator, library: Evaluator["evaluate"], control: LoopControl): Table {
  return {
    For: (node, scope) => evaluateFor(node, scope, evaluator, control),
    Break: () => {
      control.pending = "break";
      return none;
    },
    Continue: () => {
      control.pending = "continue";
      return none;
    },
    If: (node, scope) =>
      evaluator.block(truth(evaluator.evaluate(node.test, scope)) ? node.body : node.alternate, scope),
    FilterStatement: (node, scope) =>
      filtered(evaluator.block(node.body, scope), node.filter, scope, evaluator),
    // A macro sees the scope it stands in, not the one it is called from; only `caller` comes from there.
    Macro: (node, scope) => {
      library(node, scope);
      const made = scope.lookupVariable(node.name.value) as Value;
      if (!isCallable(made)) return none;
      scope.variables.set(
        node.name.value,
        callable((args, from) => {
          const inner = new Environment(scope);
          const caller = from.variables.get("caller");
          if (caller !== undefined) inner.variables.set("caller", caller);
          return made.value(args, inner);
        }) as never,
      );
      return none;
    },
  };
}

function expressions(evaluator: Evaluator, library: Evaluator["evaluate"]): Table {
  const { evaluate } = evaluator;
  return {
    BinaryExpression: (node, scope) => {
      const left = evaluate(node.left, scope);
      const name = node.operator.value;
      if (name === "and") return truth(left) ? evaluate(node.right, scope) : left;
      if (name === "or") return truth(left) ? left : evaluate(node.right, scope);
      const right = evaluate(node.right, scope);
      if (!/^(==|!=|~|in|not in)$/.test(name)) refuseUndefined([left, node.left], [right, node.right]);
      return applyOperator(name, left, right);
    },
    UnaryExpression: (node, scope) => {
      const value = evaluate(node.argument, scope);
      if (node.operator.value === "not") return boolean(!truth(value));
      refuseUndefined([value, node.argument]);
      return library(node, scope);
    },
    Ternary: (node, scope) =>
      evaluate(truth(evaluate(node.condition, scope)) ? node.trueExpr : node.falseExpr, scope),
    SelectExpression: (node, scope) =>
      truth(evaluate(node.test, scope)) ? evaluate(node.lhs, scope) : missing,
    FilterExpression: (node, scope) => filtered(evaluate(node.operand, scope), node.filter, scope, evaluator),
    TestExpression: (node, scope) => {
      const passes = testCalled(node.test.value)(evaluate(node.operand, scope), none);
      return boolean(passes !== node.negate);
    },
    MemberExpression: (node, scope) => {
      const object = evaluate(node.object, scope);
      refuseUndefined([object, node.object]);
      if (node.computed && node.property.type === "SliceExpression") return library(node, scope);
      if (node.computed) return itemOf(object, evaluate(node.property, scope));
      return memberOf(object, String(node.property.value));
    },
    CallExpression: (node, scope) => {
      refuseUndefined([evaluate(node.callee, scope), node.callee]);
      return library(node, scope);
    },
  };
}

function filtered(value: Value, filter: Node, scope: Scope, evaluator: Evaluator): Value {
  const call = filter.type === "CallExpression" ? filter as CallNode : null;
  const name = String((call?.callee ?? filter as { value?: unknown }).value);
  const args = call === null
    ? { positional: [], named: new Map() }
    : argumentsOf(call.args, scope, evaluator);
  if (!name.startsWith(testPrefix)) return applyFilter(name, value, args);
  const [, negated, test = ""] = /^is (not )?(.*)$/.exec(name) ?? [];
  return boolean(testCalled(test)(value, args.positional[0] ?? none) === (negated === undefined));
}

function argumentsOf(nodes: readonly Node[], scope: Scope, { evaluate }: Evaluator): Arguments {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  for (
    const node of nodes as readonly (Node & Nodes["KeywordArgumentExpression"] & Nodes["SpreadExpression"])[]
  ) {
    if (node.type === "KeywordArgumentExpression") named.set(node.key.value, evaluate(node.value, scope));
    else if (node.type === "SpreadExpression") positional.push(...itemsOf(evaluate(node.argument, scope)));
    else if (node.type === "KeywordSpreadExpression") {
      for (const [key, value] of (evaluate(node.argument, scope) as Mapping).value) named.set(key, value);
    } else positional.push(evaluate(node, scope));
  }
  return { positional, named };
}
