// Expressions, evaluated as Python would.
import type { Budget } from "./budget.ts";
import type { Environment } from "./environment.ts";
import { compareValues, contains, isEqual } from "./python/compare.ts";
import { attributeOf, itemOf } from "./python/members.ts";
import { countOf } from "./python/numbers.ts";
import { applyOperator, applySign } from "./python/operators.ts";
import { pythonText } from "./python/repr.ts";
import { slice } from "./python/slices.ts";
import { isTrue, itemsOf } from "./python/collections.ts";
import {
  type Arguments,
  Dict,
  isCallable,
  limitLength,
  textOf,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
} from "./python/values.ts";
import type { Scope } from "./scope.ts";
import type { Call, CompareOperator, Expression, FilterNode } from "./syntax/nodes.ts";

type Node<Type extends Expression["type"]> = Extract<Expression, { type: Type }>;

/** Evaluates expressions; filters and tests are the environment's. */
export class Evaluator {
  readonly #environment: Environment;
  readonly #budget: Budget;
  #folding = false; // inside of an expression that is computed when the template is compiled

  constructor(environment: Environment, budget: Budget) {
    this.#environment = environment;
    this.#budget = budget;
  }

  evaluate(node: Expression, scope: Scope): Value {
    return this.#budget.spend(this.#value(node, scope));
  }

  #value(node: Expression, scope: Scope): Value {
    switch (node.type) {
      case "Const":
        return node.value;
      case "Name":
        return scope.get(node.name);
      case "NamespaceRef":
        return attributeOf(scope.get(node.name), node.attribute);
      case "List":
        return node.items.map((item) => this.evaluate(item, scope));
      case "Tuple":
        return new Tuple(node.items.map((item) => this.evaluate(item, scope)));
      case "Dict":
        return new Dict(
          node.items.map(([key, value]) => [this.evaluate(key, scope), this.evaluate(value, scope)]),
        );
      case "Attribute":
        return attributeOf(this.evaluate(node.object, scope), node.name);
      case "Item":
        return this.#item(node, scope);
      case "Folded":
        return this.#fold(node.value, scope);
      case "Slice":
        throw new Error("a slice stands only between brackets");
      case "Call":
        return this.call(node, scope);
      case "Filter":
        return this.filter(node, "", scope);
      case "Test":
        return this.#environment.test(
          node.name,
          this.evaluate(node.value, scope),
          this.arguments(node.call, scope),
        );
      default:
        return this.#operation(node, scope);
    }
  }

  #operation(
    node: Node<"Conditional" | "And" | "Or" | "Not" | "Compare" | "Binary" | "Unary" | "Concat">,
    scope: Scope,
  ): Value {
    const evaluate = (one: Expression) => this.evaluate(one, scope);
    switch (node.type) {
      case "Conditional":
        if (isTrue(evaluate(node.test))) return evaluate(node.then);
        if (node.else !== null) return evaluate(node.else);
        return new Undefined("the inline if-expression evaluated to false and no else section was defined.");
      case "And":
      case "Or": {
        const left = evaluate(node.left);
        return isTrue(left) === (node.type === "And") ? evaluate(node.right) : left;
      }
      case "Not":
        return !isTrue(evaluate(node.value));
      case "Compare":
        return this.#compare(node, scope);
      case "Binary":
        return applyOperator(node.operator, evaluate(node.left), evaluate(node.right));
      case "Unary":
        return applySign(node.operator, evaluate(node.value));
      case "Concat":
        return limitLength(node.items.map((item) => pythonText(evaluate(item))).join(""));
    }
  }

  #compare({ first, rest }: Node<"Compare">, scope: Scope): boolean {
    let left = this.evaluate(first, scope);
    for (const [operator, node] of rest) {
      const right = this.evaluate(node, scope);
      if (!compareBy(operator, left, right)) return false;
      left = right;
    }
    return true;
  }

  #fold(node: Expression, scope: Scope): Value {
    this.#folding = true;
    try {
      return this.evaluate(node, scope);
    } finally {
      this.#folding = false;
    }
  }

  #item({ object, key }: Node<"Item">, scope: Scope): Value {
    const value = this.evaluate(object, scope);
    if (key.type !== "Slice") return itemOf(value, this.evaluate(key, scope));
    if (value instanceof Undefined) throw new Error(value.message);
    const parts = key.parts.map((part) => part === null ? null : this.evaluate(part, scope));
    if (this.#folding && !parts.every(isBound)) return new Undefined("a slice's bounds are integers or none");
    const [start, stop, step] = parts.map((part) => part === null ? null : countOf(part));
    const taken = slice(value, { start: start ?? null, stop: stop ?? null, step: step ?? null });
    if (taken !== null) return taken;
    const message = `'${typeNameOf(value)}' object is not subscriptable`;
    if (this.#folding) return new Undefined(message);
    throw new Error(message);
  }

  /** Calls what `node` names; `more`: arguments besides those of the template. */
  call(node: Node<"Call">, scope: Scope, more: readonly (readonly [string, Value])[] = []): Value {
    const callee = this.evaluate(node.callee, scope);
    if (callee instanceof Undefined) throw new Error(callee.message);
    if (!isCallable(callee)) throw new Error(`'${typeNameOf(callee)}' object is not callable`);
    const { positional, named } = this.arguments(node.call, scope);
    return this.#budget.spend(callee.parts.call!({ positional, named: new Map([...named, ...more]) }));
  }

  arguments({ args, named, spread, namedSpread }: Call, scope: Scope): Arguments {
    const positional = args.map((arg) => this.evaluate(arg, scope));
    if (spread !== null) positional.push(...itemsOf(this.evaluate(spread, scope)));
    const found = new Map<string, Value>();
    const add = (name: string, value: Value) => {
      if (found.has(name)) throw new Error(`a call got multiple values for keyword argument '${name}'`);
      found.set(name, value);
    };
    for (const [name, value] of named) add(name, this.evaluate(value, scope));
    if (namedSpread === null) return { positional, named: found };
    const more = this.evaluate(namedSpread, scope);
    if (!(more instanceof Dict)) {
      throw new Error(`argument after ** must be a mapping, not ${typeNameOf(more)}`);
    }
    for (const [key, value] of more.entries()) {
      const name = textOf(key);
      if (name === null) throw new Error("keywords must be strings");
      add(name, value);
    }
    return { positional, named: found };
  }

  /** A chain of filters; the innermost one without a value gets `text`. */
  filter({ value, name, call }: FilterNode, text: string, scope: Scope): Value {
    const input = value === null
      ? text
      : value.type === "Filter"
      ? this.filter(value, text, scope)
      : this.evaluate(value, scope);
    return this.#environment.filter(name, input, this.arguments(call, scope));
  }
}

function compareBy(operator: CompareOperator, left: Value, right: Value): boolean {
  switch (operator) {
    case "==":
      return isEqual(left, right);
    case "!=":
      return !isEqual(left, right);
    case "in":
      return contains(right, left);
    case "not in":
      return !contains(right, left);
    case "<":
      return compareValues(left, right, operator) < 0;
    case "<=":
      return compareValues(left, right, operator) <= 0;
    case ">":
      return compareValues(left, right, operator) > 0;
    case ">=":
      return compareValues(left, right, operator) >= 0;
  }
}

function isBound(value: Value): boolean {
  return value === null || typeof value === "bigint" || typeof value === "boolean";
}
