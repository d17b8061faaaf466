// The page's questions about a constraint, answered by the engine that the server has too.
import { readChoices } from "../../../constraints/choices/read.ts";
import { compileConstraint, type Constraint, schemaSettingsOf } from "../../../constraints/compile.ts";
import { automatonOf } from "../../../constraints/explain/automaton.ts";
import { readBytes } from "../../../constraints/explain/barred.ts";
import { type Expectation, findExpectations } from "../../../constraints/explain/expected.ts";
import type { State } from "../../../constraints/engine/recogniser.ts";
import { type Place, refusalPlaceOf } from "../../../constraints/ir/refusal.ts";
import { DEFAULT_CONSTRAINT_SETTINGS } from "../../../sampling/constraint_kinds.ts";
import type {
  Answer,
  Expected,
  Position,
  Problem,
  Question,
  Reading,
  Refused,
  Span,
  Valid,
  Written,
} from "../protocol.ts";
import { describePlace, spanOf } from "./places.ts";

/** A larger automaton cannot be read as a drawing. */
const DRAWN_STATES = 16;
/** Explanations name no more alternatives. */
const MOST_EXPECTED = 200;

interface Kept {
  readonly written: Written;
  readonly compiled: Constraint | Refused;
}

/** Answers one question after the other; the last constraint stays compiled between them. */
export function createAnswerer(): (question: Question) => Answer {
  let kept: Kept | null = null;
  return (question) => {
    const { written } = question;
    if (kept === null || !isSame(kept.written, written)) {
      kept = { written, compiled: compile(written) };
    }
    const { compiled } = kept;
    if ("refused" in compiled) return compiled;
    try {
      return answer(question, compiled);
    } catch (error) {
      const place = refusalPlaceOf(error);
      if (place === null) throw error;
      kept = null; // what a constraint may use up is counted for its whole life
      return refuseFor(written, (error as Error).message, place);
    }
  };
}

function isSame(a: Written, b: Written): boolean {
  return a.type === b.type && a.schema === b.schema && a.settings?.whitespace === b.settings?.whitespace &&
    a.settings?.property_order === b.settings?.property_order;
}

function compile(written: Written): Constraint | Refused {
  const { type, schema, settings = DEFAULT_CONSTRAINT_SETTINGS } = written;
  const compiled = compileConstraint({ type, schema, settings: schemaSettingsOf(settings) });
  return compiled.ok ? compiled.constraint : refuseFor(written, compiled.error.message, compiled.error);
}

function refuseFor({ schema }: Written, message: string, place: Place): Refused {
  const span = spanOf(schema, place);
  const problem: Problem = {
    message,
    place: span === null ? null : describePlace(schema, span),
    pointer: place.pointer ?? null,
    span,
  };
  return { refused: problem };
}

function answer(question: Question, constraint: Constraint): Answer {
  switch (question.kind) {
    case "check":
      return validOf(constraint);
    case "position":
      return positionOf(constraint, question.path);
    case "token": {
      const { recogniser } = constraint;
      const path = readBytes(recogniser, recogniser.initial, Uint8Array.from(question.path));
      return readingOf(constraint, path.state, question.token);
    }
  }
}

function validOf({ source, recogniser, notes }: Constraint): Valid {
  return {
    notes: notes.map(({ pointer, message }) => pointer === "" ? message : `${pointer}: ${message}`),
    options: source.type === "multiple_choice" ? readChoices(source.schema).length : null,
    automaton: source.type === "regex" ? automatonOf(recogniser, DRAWN_STATES) : null,
  };
}

function positionOf(constraint: Constraint, path: readonly number[]): Position {
  const { recogniser } = constraint;
  const read = readBytes(recogniser, recogniser.initial, Uint8Array.from(path));
  const reading = readingOf(constraint, recogniser.initial, path);
  return { ...reading, state: read.state };
}

function readingOf(constraint: Constraint, start: State, bytes: readonly number[]): Reading {
  const { recogniser, source } = constraint;
  const read = readBytes(recogniser, start, Uint8Array.from(bytes));
  const expected = read.possible ? findExpectations(recogniser, read.state) : read.expected;
  return {
    failedAt: read.possible ? null : read.failedAt,
    mayEnd: read.possible ? read.complete : read.mayEnd,
    expected: expected.slice(0, MOST_EXPECTED).map((each) => describeExpected(source.schema, each)),
  };
}

function describeExpected(schema: string, { what, begun, origin }: Expectation): Expected {
  const { name, from, to, pointer } = origin;
  const span: Span | null = from !== undefined && to !== undefined
    ? { from, to }
    : spanOf(schema, pointer === undefined ? {} : { pointer });
  return { what, rule: name, pointer: pointer ?? null, begun, span };
}
