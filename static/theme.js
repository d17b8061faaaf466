// Before the first paint: the theme that was chosen here before. Without one the system decides (styles.css).
try {
  const theme = globalThis.localStorage.getItem("llmDemo.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's theme.
}
