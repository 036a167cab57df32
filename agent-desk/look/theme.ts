import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const key = "switchboard.theme";

/** The colours that this browser's person chose; it survives a reload. */
export const theme = signal<Theme>(kept());

effect(() => {
  const chosen = theme.value;
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  localStorage.setItem(key, chosen);
});

function kept(): Theme {
  const value = localStorage.getItem(key);
  return value === "light" || value === "dark" ? value : "system";
}
