import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/desk/",
  plugins: [preact()],
  build: {
    rollupOptions: {
      input: { index: `${import.meta.dirname}/index.html`, worker: `${import.meta.dirname}/notices/worker.ts` },
      // Its address is its scope, and must stay the same.
      output: { entryFileNames: ({ name }) => (name === "worker" ? "worker.js" : "assets/[name]-[hash].js") },
    },
    outDir: "../dist/agent-desk",
    emptyOutDir: true,
    target: "es2023",
    // Browsers since 2024 know light-dark() and nesting; lowering them doubles the tokens.
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
    // The product's CSP has no `data:` for fonts and scripts: nothing is inlined.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
  },
});
