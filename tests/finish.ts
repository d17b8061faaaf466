/** What a generator returns once all that it yields has been taken. */
export async function finish<T>(slices: AsyncGenerator<unknown, T>): Promise<T> {
  for (let step = await slices.next();; step = await slices.next()) if (step.done) return step.value;
}
