// A storage that forgets everything with the test.

export interface MemoryStorage {
  readonly values: Map<string, string>;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export function memory(content: Record<string, string> = {}): MemoryStorage {
  const values = new Map(Object.entries(content));
  return {
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
  };
}
