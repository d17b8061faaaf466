// Union, intersection and complement of shapes. Exact: what cannot be decided is refused with its pointer.
import { refusal } from "../ir/refusal.ts";
import { decideEmptiness, intersectStrings } from "./algebra.ts";
import type { Algebra } from "./algebra.ts";
import { complementArray, intersectArrays } from "./arrays.ts";
import { complementObject, intersectObjects, uniteObjects } from "./objects.ts";
import { complementNumbers, intersectNumbers, uniteNumbers } from "./number_sets.ts";
import type { Shape } from "./shape.ts";
import { complementStrings } from "./strings.ts";

/** More alternatives of arrays or objects than this make a schema too ambiguous. */
const MAX_ALTERNATIVES = 512;

/** The values that any of the shapes has. Throws a refusal with `pointer` where its alternatives get too many. */
export function unite(algebra: Algebra, shapes: readonly Shape[], pointer: string): Shape {
  const { universe } = algebra;
  const { arena } = universe.strings;
  if (shapes.includes(universe.any)) return universe.any;
  if (shapes.length === 1) return shapes[0]!;
  const arrays = shapes.flatMap((shape) => shape.arrays);
  const objects = shapes.flatMap((shape) => shape.objects);
  return {
    null: shapes.some((shape) => shape.null),
    true: shapes.some((shape) => shape.true),
    false: shapes.some((shape) => shape.false),
    numbers: shapes.map((shape) => shape.numbers).reduce((a, b) => uniteNumbers(algebra, a, b)),
    strings: arena.alt(shapes.map((shape) => shape.strings)),
    arrays: arrays.includes(universe.anyArray)
      ? [universe.anyArray]
      : requireFew([...new Set(arrays)], pointer),
    objects: objects.includes(universe.anyObject)
      ? [universe.anyObject]
      : requireFew(uniteObjects(algebra, [...new Set(objects)]), pointer),
  };
}

/** The values that both shapes have. Throws a refusal with `pointer` where its alternatives get too many. */
export function intersect(algebra: Algebra, a: Shape, b: Shape, pointer: string): Shape {
  const { universe } = algebra;
  if (a === universe.any || a === b) return b;
  if (b === universe.any) return a;
  const objects = intersectUnions(
    a.objects,
    b.objects,
    universe.anyObject,
    (x, y) => intersectObjects(algebra, x, y),
  );
  return {
    null: a.null && b.null,
    true: a.true && b.true,
    false: a.false && b.false,
    numbers: intersectNumbers(algebra, a.numbers, b.numbers),
    strings: intersectStrings(algebra, a.strings, b.strings),
    arrays: requireFew(
      intersectUnions(a.arrays, b.arrays, universe.anyArray, (x, y) => intersectArrays(algebra, x, y)),
      pointer,
    ),
    objects: requireFew(uniteObjects(algebra, objects), pointer),
  };
}

/** The values that the shape does not have. Throws a refusal with `pointer` for what cannot be decided. */
export function complement(algebra: Algebra, shape: Shape, pointer: string): Shape {
  const { universe } = algebra;
  const arrays = shape.arrays.map((array) =>
    array === universe.anyArray ? [] : complementArray(algebra, array)
  );
  const objects = shape.objects.map((object) =>
    object === universe.anyObject ? [] : complementObject(algebra, object)
  );
  return {
    null: !shape.null,
    true: !shape.true,
    false: !shape.false,
    numbers: complementNumbers(algebra, shape.numbers),
    strings: decideEmptiness(algebra, complementStrings(universe.strings, shape.strings)),
    arrays: requireFew(
      arrays.reduce<readonly Shape["arrays"][number][]>(
        (a, b) => intersectUnions(a, b, universe.anyArray, (x, y) => intersectArrays(algebra, x, y)),
        [universe.anyArray],
      ),
      pointer,
    ),
    objects: requireFew(
      objects.reduce<readonly Shape["objects"][number][]>((a, b) => {
        return requireFew(
          uniteObjects(
            algebra,
            intersectUnions(a, b, universe.anyObject, (x, y) => intersectObjects(algebra, x, y)),
          ),
          pointer,
        );
      }, [universe.anyObject]),
      pointer,
    ),
  };
}

/** True where no value is in both; false where that is not so or not known. Cheaper than the intersection. */
export function isDisjoint(algebra: Algebra, a: Shape, b: Shape): boolean {
  if (a.null && b.null || a.true && b.true || a.false && b.false) return false;
  const { arena } = algebra.universe.strings;
  return intersectStrings(algebra, a.strings, b.strings) === arena.nothing &&
    intersectNumbers(algebra, a.numbers, b.numbers).language === arena.nothing &&
    a.arrays.every((x) => b.arrays.every((y) => intersectArrays(algebra, x, y) === null)) &&
    a.objects.every((x) => b.objects.every((y) => intersectObjects(algebra, x, y) === null));
}

/** The intersection of two unions, alternative by alternative; null where two have nothing in common. */
function intersectUnions<T>(
  as: readonly T[],
  bs: readonly T[],
  any: T,
  join: (a: T, b: T) => T | null,
): readonly T[] {
  if (as.length === 1 && as[0] === any) return bs;
  if (bs.length === 1 && bs[0] === any) return as;
  const found = new Set<T>();
  for (const a of as) {
    for (const b of bs) {
      const joined = a === b ? a : join(a, b);
      if (joined !== null) found.add(joined);
    }
  }
  return [...found];
}

function requireFew<T>(alternatives: readonly T[], pointer: string): readonly T[] {
  if (alternatives.length <= MAX_ALTERNATIVES) return alternatives;
  throw refusal(
    `The schema at "${pointer}" combines into more than ${MAX_ALTERNATIVES} alternatives. Make it less ambiguous.`,
    { pointer },
  );
}
