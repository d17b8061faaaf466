// What the browser remembers besides settings: the chosen model, large type, the tour.
import { read, type Store, write } from "./local_storage.ts";

/** The model that was chosen last; null = none was. */
export function loadModelId(storage: Store): string | null {
  const id = read(storage, "llmDemo.modelId");
  return id === "" ? null : id;
}

/** Stores the model that was chosen, to be offered next time. */
export function saveModelId(storage: Store, id: string): void {
  write(storage, "llmDemo.modelId", id);
}

/** Large type for a projector. */
export function loadPresenting(storage: Store): boolean {
  return read(storage, "llmDemo.presentation") === "on";
}

/** Stores whether the page is shown on a projector. */
export function savePresenting(storage: Store, on: boolean): void {
  write(storage, "llmDemo.presentation", on ? "on" : "off");
}

/** The tour was ended once: it is offered no more. */
export function loadTourSeen(storage: Store): boolean {
  return read(storage, "llmDemo.tourSeen") === "true";
}

/** Stores that the tour was ended. */
export function saveTourSeen(storage: Store): void {
  write(storage, "llmDemo.tourSeen", "true");
}
