// Light or dark: what the visitor chose last, or what their system says.
const theme = () =>
  localStorage.getItem("winnow-theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

function showTheme() {
  document.documentElement.dataset.theme = theme();
  if (globalThis.Quasar) Quasar.Dark.set(theme() === "dark");
}

function toggleTheme() {
  localStorage.setItem("winnow-theme", theme() === "dark" ? "light" : "dark");
  showTheme();
}

showTheme();
addEventListener("load", showTheme);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);

// A picture that is not there gives way to the letters below it.
addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLImageElement || target instanceof SVGImageElement) target.style.visibility = "hidden";
  },
  true,
);
