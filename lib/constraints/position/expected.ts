// What a recogniser expects, as answers have it.
import type { ConstraintExpectation, ConstraintNote, ConstraintPlace } from "../../wire/constraint.ts";
import type { Constraint } from "../compile.ts";
import type { Recogniser, State } from "../engine/recogniser.ts";
import { findExpectations } from "../explain/expected.ts";
import type { Expectation } from "../explain/expected.ts";
import { DEFAULT_SCHEMA_SETTINGS } from "../schema/layout.ts";
import type { SchemaSettings } from "../schema/layout.ts";
import type { Expected } from "./types.ts";

/** Longer lists are cut: no reader wants more, and a list of thousands of choices has as many. */
const MOST_EXPECTED = 64;

/** What may follow a state. Throws the budget's refusal. */
export function listExpectedAt(recogniser: Recogniser, state: State): Expected {
  return listExpected(findExpectations(recogniser, state), recogniser.accepts(state));
}

/** The same of expectations that are known. */
export function listExpected(expectations: readonly Expectation[], mayEnd: boolean): Expected {
  return {
    mayEnd,
    expected: expectations.slice(0, MOST_EXPECTED).map(expectationOf),
    moreExpected: Math.max(0, expectations.length - MOST_EXPECTED),
  };
}

function expectationOf({ what, begun, origin }: Expectation): ConstraintExpectation {
  const { name: rule, from = null, to = null, pointer = null } = origin;
  return { what, rule, begun, from, to, pointer };
}

/** The places of expectations, each once. */
export function placesOf(expected: readonly ConstraintExpectation[]): ConstraintPlace[] {
  const places = expected.map(({ rule, from, to, pointer }) => ({ rule, from, to, pointer }));
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}

const WHITESPACE: Readonly<Record<SchemaSettings["whitespace"], string>> = {
  compact: "The JSON has no white space",
  single_space: "The JSON has at most one space after each comma and colon",
  flexible: "The JSON has any white space between its parts",
};
const ORDER: Readonly<Record<SchemaSettings["propertyOrder"], string>> = {
  any: "the members of an object come in any order",
  schema: "the members of an object come in the order of the schema",
};

/** What is not held, and how JSON is written where the constraint has a schema. */
export function notesOf({ source, notes }: Constraint): ConstraintNote[] {
  const { type, schema, settings = DEFAULT_SCHEMA_SETTINGS } = source;
  if (type !== "json_schema" && !(type === "cfg" && schema.includes("%json"))) return [...notes];
  const sentence = `${WHITESPACE[settings.whitespace]}; ${ORDER[settings.propertyOrder]}.`;
  return [...notes, { message: sentence, pointer: null }];
}
