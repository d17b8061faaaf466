// A queue that serves its clients in turn: one item each, round robin, so that a client with many items never holds
// up one with few. It knows nothing of jobs, and no limit.

export class FairQueue<T> {
  /** Clients in the order of their turns; a client without items is not in the map. */
  readonly #waiting = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds at the end of the client's own line. */
  push(client: string, item: T): void {
    const line = this.#waiting.get(client);
    if (line) line.push(item);
    else this.#waiting.set(client, [item]);
    this.#size++;
  }

  /** The first item of the client whose turn it is; that client goes to the end of the round. */
  next(): T | undefined {
    for (const [client, line] of this.#waiting) {
      const item = line.shift();
      this.#waiting.delete(client);
      if (line.length > 0) this.#waiting.set(client, line);
      this.#size--;
      return item;
    }
    return undefined;
  }

  /** Takes an item out wherever it stands; false where it is not waiting. */
  remove(client: string, item: T): boolean {
    const line = this.#waiting.get(client);
    const index = line?.indexOf(item) ?? -1;
    if (!line || index < 0) return false;
    line.splice(index, 1);
    if (line.length === 0) this.#waiting.delete(client);
    this.#size--;
    return true;
  }

  /** Empties the queue and returns what waited. */
  drain(): T[] {
    const items = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#size = 0;
    return items;
  }
}
