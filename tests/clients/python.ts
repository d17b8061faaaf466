// Python with packages that tests ask for: NEXTTOKEN_TEST_PYTHON, else python3.

const PYTHON = Deno.env.get("NEXTTOKEN_TEST_PYTHON") ?? "python3";

/** A missing package is a failure, not a test left out. */
export const required = Deno.env.get("NEXTTOKEN_REQUIRE_PYTHON") === "1";

/** True where Python has the packages; they are not imported, which takes seconds. */
export async function hasPackages(...names: string[]): Promise<boolean> {
  const check = `import importlib.util as u; assert all(map(u.find_spec, ${JSON.stringify(names)}))`;
  return (await python(["-c", check])).success;
}

/** What Python said; no success where there is none. */
export async function python(
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): Promise<{ success: boolean; out: string; errors: string }> {
  const { success, stdout, stderr } = await new Deno.Command(PYTHON, { args: [...args], ...options }).output()
    .catch((error) => ({
      success: false,
      stdout: new Uint8Array(),
      stderr: new TextEncoder().encode(String(error)),
    }));
  const decoder = new TextDecoder();
  return { success, out: decoder.decode(stdout), errors: decoder.decode(stderr).slice(-2000) };
}
