// Gives refusals from deeper down the place in the schema that they are about.
import { refusal, refusalPlaceOf } from "../ir/refusal.ts";

/** Runs `make`; a refusal from it gets this pointer, and keeps its sentence. */
export function withPointer<T>(pointer: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const place = refusalPlaceOf(error);
    if (!(error instanceof Error) || place === null) throw error;
    throw refusal(error.message, { ...place, pointer });
  }
}

/** The same, but a refusal that has a pointer keeps it. */
export function placeRefusal<T>(pointer: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const place = refusalPlaceOf(error);
    if (!(error instanceof Error) || place === null || place.pointer !== undefined) throw error;
    throw refusal(error.message, { ...place, pointer });
  }
}
