// Before the first paint: the theme and the size of type that were chosen here before. Without a theme the system
// decides (styles/styles.css).
try {
  const theme = globalThis.localStorage.getItem("llmDemo.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const large = globalThis.localStorage.getItem("llmDemo.presentation") === "on";
  document.documentElement.toggleAttribute("data-presentation", large);
} catch {
  // Storage is forbidden: the system's theme.
}
