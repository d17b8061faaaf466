/** Ids in a typed array that grows. */
export class IdList {
  values: Int32Array<ArrayBuffer>;
  count = 0;

  constructor(capacity: number) {
    this.values = new Int32Array(Math.max(16, capacity));
  }

  push(id: number): void {
    if (this.count === this.values.length) this.#grow(2 * this.count);
    this.values[this.count++] = id;
  }

  add(ids: Int32Array): void {
    const needed = this.count + ids.length;
    if (needed > this.values.length) this.#grow(Math.max(needed, 2 * this.values.length));
    this.values.set(ids, this.count);
    this.count += ids.length;
  }

  #grow(capacity: number): void {
    const { values } = this;
    this.values = new Int32Array(capacity);
    this.values.set(values);
  }
}
