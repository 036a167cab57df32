import { createHash } from "node:crypto";
import { copyFileSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, defineConfig, type Plugin, type UserConfig } from "vite";

const outDir = fileURLToPath(new URL("../dist/widget/", import.meta.url));

/** What a site's visitor pays: bytes after gzip, everything included. */
const limits = { "widget.js": 3_000, "chat.js": 25_000 };

/** The chat first; then the embed script, which names the chat by its hash, so that both may be cached for long. */
export default defineConfig({
  ...one("chat/start.tsx", "chat.js", "es"),
  plugins: [
    withinLimit("chat.js"),
    {
      name: "then-the-embed-script",
      async closeBundle() {
        copyFileSync(new URL("demo.html", import.meta.url), `${outDir}demo.html`);
        const version = createHash("sha256")
          .update(readFileSync(`${outDir}chat.js`))
          .digest("hex")
          .slice(0, 12);
        const embed = one("embed/embed.ts", "widget.js", "iife");
        await build({
          ...embed,
          build: { ...embed.build, emptyOutDir: false, watch: null },
          define: { CHAT_VERSION: JSON.stringify(version) },
          plugins: [withinLimit("widget.js")],
        });
      },
    },
  ],
});

function one(entry: string, file: keyof typeof limits, format: "es" | "iife"): UserConfig {
  return {
    configFile: false,
    root: fileURLToPath(new URL(".", import.meta.url)),
    publicDir: false,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: fileURLToPath(new URL(entry, import.meta.url)),
        preserveEntrySignatures: "strict",
        output: { format, entryFileNames: file, codeSplitting: false },
      },
    },
  };
}

function withinLimit(file: keyof typeof limits): Plugin {
  return {
    name: "within-limit",
    enforce: "post",
    writeBundle() {
      const bytes = gzipSync(readFileSync(outDir + file)).length;
      if (bytes > limits[file]) throw new Error(`${file} is ${bytes} bytes after gzip, ${limits[file]} is the limit.`);
      console.log(`${file}: ${bytes} of ${limits[file]} bytes after gzip`);
    },
  };
}
