// Statements, run as the code that Jinja2 compiles a template to.
import type { Budget } from "./budget.ts";
import { Evaluator } from "./expressions.ts";
import type { Environment } from "./environment.ts";
import { createLoop, LoopItems } from "./loops.ts";
import { checkName } from "./globals.ts";
import { createMacro, type MacroVariable } from "./macros.ts";
import { pythonText } from "./python/repr.ts";
import { isTrue, iterateValue } from "./python/collections.ts";
import { createCallable, Host, Namespace, textOf, Undefined, type Value } from "./python/values.ts";
import { unpack } from "./python/unpack.ts";
import { Output, Scope } from "./scope.ts";
import type {
  BlockNode,
  Body,
  CallBlockNode,
  Expression,
  ForNode,
  MacroNode,
  Statement,
} from "./syntax/nodes.ts";

/** How a body ended: a loop goes on with its next item, or not at all. */
type End = "break" | "continue" | null;

/** The text of a template. Throws sentences. */
export function interpret(template: Body, environment: Environment, budget: Budget, globals: Scope): string {
  const run = new Run(template, environment, budget, globals);
  return run.text();
}

class Run {
  readonly #template: Body;
  readonly #evaluator: Evaluator;
  readonly #budget: Budget;
  readonly #root: Scope;

  constructor(template: Body, environment: Environment, budget: Budget, globals: Scope) {
    this.#template = template;
    this.#evaluator = new Evaluator(environment, budget);
    this.#budget = budget;
    this.#root = new Scope(globals, [["self", this.#self()]]);
  }

  text(): string {
    return this.#render(this.#template, this.#root);
  }

  /** `self`: the template's blocks as functions. */
  #self(): Host {
    const blocks = blocksOf(this.#template);
    return new Host({
      type: "TemplateReference",
      repr: () => "<TemplateReference None>",
      member: (name) => {
        const block = blocks.get(name);
        return block === undefined
          ? undefined
          : createCallable(name, () => this.#render(block.body, this.#blockScope(this.#root)));
      },
    });
  }

  #render(body: Body, scope: Scope): string {
    this.#budget.spend(null);
    const output = new Output();
    this.#run(body, scope, output);
    return output.text();
  }

  #run(body: Body, scope: Scope, output: Output): End {
    for (const statement of body) {
      const end = this.#statement(statement, scope, output);
      if (end !== null) return end;
    }
    return null;
  }

  #statement(node: Statement, scope: Scope, output: Output): End {
    this.#budget.spend(null);
    switch (node.type) {
      case "Data":
        output.write(node.text);
        return null;
      case "Output":
        for (const value of node.values) output.write(pythonText(this.#evaluate(value, scope)));
        return null;
      case "If":
        return this.#run(this.#branch(node, scope), scope, output);
      case "Break":
        return "break";
      case "Continue":
        return "continue";
      case "For":
        this.#loop(node, this.#evaluate(node.items, scope), scope, output, 0);
        return null;
      case "With":
        return this.#with(node, scope, output);
      case "Scope":
        return this.#run(node.body, new Scope(scope), output);
      case "FilterBlock":
      case "SetBlock":
        return this.#captured(node, scope, output);
      default:
        this.#define(node, scope, output);
        return null;
    }
  }

  #evaluate(node: Expression, scope: Scope): Value {
    return this.#evaluator.evaluate(node, scope);
  }

  #branch({ branches, else: otherwise }: Extract<Statement, { type: "If" }>, scope: Scope): Body {
    return branches.find(({ test }) => isTrue(this.#evaluate(test, scope)))?.body ?? otherwise;
  }

  #define(
    node: Extract<Statement, { type: "Set" | "Macro" | "CallBlock" | "Block" | "Load" }>,
    scope: Scope,
    output: Output,
  ): void {
    switch (node.type) {
      case "Set":
        return this.#assign(node.target, this.#evaluate(node.value, scope), scope);
      case "Macro":
        return scope.set(node.name, this.#macro(node, scope));
      case "CallBlock":
        return output.write(pythonText(this.#callBlock(node, scope)));
      case "Block":
        return this.#block(node, scope, output);
      case "Load":
        throw new Error(`there is no other template to {% ${node.tag} %}: a chat template stands alone`);
    }
  }

  #assign(target: Expression, value: Value, scope: Scope): void {
    if (target.type === "Name") return scope.set(target.name, value);
    if (target.type === "NamespaceRef") {
      const namespace = scope.get(target.name);
      if (namespace instanceof Undefined) throw new Error(namespace.message);
      if (!(namespace instanceof Namespace)) {
        throw new Error("cannot assign attribute on non-namespace object");
      }
      checkName(target.attribute);
      return namespace.attributes.set(target.attribute, value);
    }
    if (target.type !== "Tuple") throw new Error(`can't assign to ${target.type}`);
    const items = unpack(value, target.items.length);
    target.items.forEach((one, at) => this.#assign(one, items[at]!, scope));
  }

  #loop(node: ForNode, value: Value, scope: Scope, output: Output, depth0: number): void {
    const items = new LoopItems(this.#chosen(node, value, scope));
    const recurse = (deeper: Value) => {
      const text = new Output();
      this.#loop(node, deeper, scope, text, depth0 + 1);
      return text.text();
    };
    const { loop, move } = createLoop({ items, depth0, recurse: node.recursive ? recurse : null });
    let whole = false;
    for (let at = 0;; at++) {
      const item = items.at(at);
      if (item === undefined) break;
      move(at);
      const inner = new Scope(scope, [["loop", loop]]);
      this.#assign(node.target, item, inner);
      const end = this.#run(node.body, inner, output);
      whole ||= end === null;
      if (end === "break") break;
    }
    // As in the compiled code: an item that a break or continue cuts short does not count.
    if (!whole) this.#run(node.else, new Scope(scope), output);
  }

  /** The items that a loop's condition lets through, one by one. */
  *#chosen({ test, target }: ForNode, value: Value, scope: Scope): Generator<Value> {
    for (const item of iterateValue(value)) {
      this.#budget.spend(null);
      const inner = new Scope(scope);
      if (test !== null) this.#assign(target, item, inner);
      if (test === null || isTrue(this.#evaluate(test, inner))) yield item;
    }
  }

  #with({ targets, values, body }: Extract<Statement, { type: "With" }>, scope: Scope, output: Output): End {
    const inner = new Scope(scope);
    const made = values.map((value) => this.#evaluate(value, scope));
    targets.forEach((target, at) => this.#assign(target, made[at]!, inner));
    return this.#run(body, inner, output);
  }

  #captured(
    node: Extract<Statement, { type: "FilterBlock" | "SetBlock" }>,
    scope: Scope,
    output: Output,
  ): End {
    const inner = new Scope(scope);
    const text = new Output();
    const end = this.#run(node.body, inner, text);
    if (end !== null) return end; // a loop that ends here drops what was captured
    const value = node.filter === null
      ? text.text()
      : this.#evaluator.filter(node.filter, text.text(), inner);
    if (node.type === "SetBlock") this.#assign(node.target, value, scope);
    else output.write(writtenText(value));
    return null;
  }

  #macro({ name, signature, body }: Omit<MacroNode, "type">, scope: Scope): Host {
    const render = (variables: readonly MacroVariable[]) => {
      const inner = new Scope(scope);
      for (const [variable, value] of variables) {
        const isDefault = typeof value === "object" && value !== null && "fallback" in value;
        inner.set(variable, isDefault ? this.#evaluate(value.fallback, inner) : value as Value);
      }
      return this.#render(body, inner);
    };
    return createMacro({ name, signature, body, render });
  }

  #callBlock({ signature, call, body }: CallBlockNode, scope: Scope): Value {
    const caller = this.#macro({ name: "caller", signature, body }, scope);
    return this.#evaluator.call(call as Extract<Expression, { type: "Call" }>, scope, [["caller", caller]]);
  }

  #block({ name, body, scoped, required }: BlockNode, scope: Scope, output: Output): void {
    if (required) throw new Error(`Required block '${name}' not found`);
    this.#run(body, this.#blockScope(scoped ? scope : this.#root), output);
  }

  #blockScope(scope: Scope): Scope {
    return new Scope(scope, [["super", new Undefined("there is no parent block")]]);
  }
}

/** What a filter block writes: the compiled code joins it as it is, so that only a text can be. */
function writtenText(value: Value): string {
  const text = textOf(value);
  if (text === null) throw new Error("a filter block writes text, and its filter made none");
  return text;
}

function blocksOf(body: unknown, found = new Map<string, BlockNode>()): Map<string, BlockNode> {
  if (Array.isArray(body)) { for (const one of body) blocksOf(one, found); }
  else if (typeof body === "object" && body !== null) {
    if ("type" in body && body.type === "Block") found.set((body as BlockNode).name, body as BlockNode);
    blocksOf(Object.values(body), found);
  }
  return found;
}
