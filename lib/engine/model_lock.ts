// Whether models can be chosen: a class that works on one model must not lose it to one click.

/** One for the whole app. */
export interface ModelLock {
  locked: boolean;
}
