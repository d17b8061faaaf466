// The OpenAPI document as a person reads it: what each endpoint does, what it takes, what comes back.
import type { openApiDocument } from "./openapi.ts";

/** A field of a request. */
export interface FieldView {
  readonly name: string;
  /** "number", "string or null", "list". */
  readonly type: string;
  readonly required: boolean;
  /** As JSON; "" where there is none. */
  readonly initial: string;
  readonly about: string;
}

export interface EndpointView {
  readonly method: string; // "POST"
  readonly path: string;
  readonly summary: string;
  readonly about: string;
  readonly fields: readonly FieldView[];
  readonly answers: readonly { readonly status: string; readonly about: string }[];
}

type Document = ReturnType<typeof openApiDocument>;

/** Every operation of a document, in its order. */
export function listEndpoints(document: Document): EndpointView[] {
  const schemas = record(record(document.components).schemas);
  return Object.entries(record(document.paths)).flatMap(([path, operations]) =>
    Object.entries(record(operations)).map(([method, value]) => {
      const operation = record(value);
      return {
        method: method.toUpperCase(),
        path,
        summary: toText(operation.summary),
        about: toText(operation.description),
        fields: fieldsOf(bodySchemaOf(operation, schemas)),
        answers: Object.entries(record(operation.responses)).map(([status, answer]) => ({
          status,
          about: toText(record(answer).description),
        })),
      };
    })
  );
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : {};
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The schema of what a request sends; an empty one where it sends nothing. */
function bodySchemaOf(
  operation: Readonly<Record<string, unknown>>,
  schemas: Readonly<Record<string, unknown>>,
) {
  const content = record(record(operation.requestBody).content);
  const schema = record(record(content["application/json"]).schema);
  const name = toText(schema.$ref).split("/").at(-1) ?? "";
  return name === "" ? schema : record(schemas[name]);
}

function fieldsOf(schema: Readonly<Record<string, unknown>>): FieldView[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(record(schema.properties)).map(([name, value]) => {
    const field = record(value);
    return {
      name,
      type: typeOf(field),
      required: required.includes(name),
      initial: field.default === undefined ? "" : JSON.stringify(field.default),
      about: toText(field.description),
    };
  });
}

const NAMES: Readonly<Record<string, string>> = { array: "list", integer: "whole number" };

function typeOf(field: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(field.enum)) return field.enum.map((each) => JSON.stringify(each)).join(" or ");
  if (field.const !== undefined) return JSON.stringify(field.const);
  const choices = [field.anyOf, field.oneOf].find(Array.isArray);
  if (choices !== undefined) return withoutRepeats(choices.map((each) => typeOf(record(each)))).join(" or ");
  const types = Array.isArray(field.type) ? field.type : [field.type];
  const named = types.filter((each): each is string => typeof each === "string");
  return named.length === 0 ? "any" : named.map((each) => NAMES[each] ?? each).join(" or ");
}

function withoutRepeats(names: readonly string[]): string[] {
  return [...new Set(names)];
}
