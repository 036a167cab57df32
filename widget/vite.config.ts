import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, defineConfig, type Plugin, type UserConfig } from "vite";

const outDir = fileURLToPath(new URL("../dist/widget/", import.meta.url));

/** What a site's visitor pays, in bytes after gzip, everything included: on each page, and when the chat is opened. */
const limits = { embed: 3_000, opening: 25_000 };

const shared: UserConfig = {
  configFile: false,
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  publicDir: false,
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { outDir, emptyOutDir: true, target: "es2022", modulePreload: false, reportCompressedSize: false },
};

/** The chat first, whose files have their hash in the name; then the embed script, which names it: all but the latter may be kept for ever. */
export default defineConfig({
  ...shared,
  build: {
    ...shared.build,
    rolldownOptions: {
      input: {
        chat: fileURLToPath(new URL("chat/start.tsx", import.meta.url)),
        proactive: fileURLToPath(new URL("embed/proactive.ts", import.meta.url)),
      },
      preserveEntrySignatures: "allow-extension",
      output: { format: "es", entryFileNames: "[name]-[hash].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
  plugins: [
    {
      name: "no-preload-helper",
      enforce: "pre",
      // It fetches styles beside a module, which ours carry inside: 1.2 kB for nothing.
      load: (id) => (id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : undefined),
    },
    {
      name: "small-icons",
      enforce: "pre",
      resolveId: (source) =>
        source.endsWith("/createLucideIcon.mjs") ? fileURLToPath(new URL("smallIcon.ts", import.meta.url)) : undefined,
    },
    {
      name: "then-the-embed-script",
      enforce: "post",
      async writeBundle(_, bundle) {
        const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
        const [chat, proactive] = ["chat", "proactive"].map((entry) => chunks.find(({ isEntry, name }) => isEntry && name === entry));
        if (chat === undefined || proactive === undefined) throw new Error("The chat's build lacks an entry.");
        const opening = new Set([chat.fileName]);
        for (const name of opening) for (const file of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) opening.add(file);
        const languages = chunks.filter(({ facadeModuleId }) => facadeModuleId?.includes("/widget/texts/")).map(({ fileName }) => fileName);
        const longest = Math.max(...languages.map((file) => bytesOf([file])));
        hold("the chat at opening", bytesOf([...opening]) + longest, limits.opening);
        writeFileSync(`${outDir}chat.js`, `export * from "./${chat.fileName}";\n`);
        copyFileSync(new URL("demo.html", import.meta.url), `${outDir}demo.html`);
        await buildEmbedScript(chat.fileName, proactive.fileName);
      },
    } satisfies Plugin,
  ],
});

async function buildEmbedScript(chatFile: string, proactiveFile: string): Promise<void> {
  await build({
    ...shared,
    define: { CHAT_FILE: JSON.stringify(chatFile), PROACTIVE_FILE: JSON.stringify(proactiveFile) },
    build: {
      ...shared.build,
      emptyOutDir: false,
      watch: null,
      rolldownOptions: {
        input: fileURLToPath(new URL("embed/embed.ts", import.meta.url)),
        output: { format: "iife", entryFileNames: "widget.js", codeSplitting: false },
      },
    },
  });
  hold("widget.js", bytesOf(["widget.js"]), limits.embed);
  console.log(`${readdirSync(outDir).length} files for a visitor's browser`);
}

function bytesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(outDir + file)).length, 0);
}

function hold(what: string, bytes: number, limit: number): void {
  if (bytes > limit) throw new Error(`${what}: ${bytes} bytes after gzip, ${limit} is the limit.`);
  console.log(`${what}: ${bytes} of ${limit} bytes after gzip`);
}
