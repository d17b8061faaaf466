/** Ids in a typed array that grows. */
export class IdList {
  values: Int32Array<ArrayBuffer>;
  count = 0;

  constructor(capacity: number) {
    this.values = new Int32Array(Math.max(16, capacity));
  }

  push(id: number): void {
    if (this.count === this.values.length) this.#grow();
    this.values[this.count++] = id;
  }

  add(ids: Int32Array): void {
    while (this.count + ids.length > this.values.length) this.#grow();
    this.values.set(ids, this.count);
    this.count += ids.length;
  }

  #grow(): void {
    const { values } = this;
    this.values = new Int32Array(2 * values.length);
    this.values.set(values);
  }
}
