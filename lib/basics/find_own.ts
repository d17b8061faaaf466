/** What `table` itself has under a name that comes from a request, a file or a text; undefined where it has nothing.
 * `table[name]` finds what every object inherits too, under "constructor" or "toString". */
export function findOwn<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
