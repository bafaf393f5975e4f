// Runs before the first paint (a small blocking script in <head>), so that no page flashes in the wrong theme.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is switched off: follow the system
    }
  };
  const apply = () => {
    const chosen = read("theme");
    root.dataset.bsTheme = chosen === "light" || chosen === "dark" ? chosen : system.matches ? "dark" : "light";
  };
  apply();
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  window.addEventListener("themechange", apply);
  root.dataset.textSize = read("text-size") || "1";
  root.dataset.textWidth = read("text-width") || "normal";
})();
