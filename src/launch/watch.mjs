import { spawn } from "node:child_process";
import { once } from "node:events";
import { bundleOptions, parts } from "./buildParts.mjs";
import { forget, prepareOrExit } from "./prepare.mjs";
import { say } from "./say.mjs";

const faces = ["widget", "agent-desk"];

/** Builds on every change, and starts the product again when the server changed. Ends with Ctrl-C. */
export async function watch() {
  await prepareOrExit(["server", ...faces], { development: true });
  for (const name of ["server", ...faces]) forget(name); // from here on others write into dist
  const builders = faces.map((name) =>
    spawn(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--watch", "--logLevel", "warn", "--config", parts[name].needs], {
      stdio: ["ignore", "inherit", "inherit"],
    }),
  );
  const product = keepRestarting();
  const { context, formatMessages } = await import("esbuild");
  const restart = {
    name: "restart",
    setup(build) {
      build.onEnd(async ({ errors }) => {
        if (errors.length === 0) return product.restart();
        say((await formatMessages(errors, { kind: "error" })).join("\n"));
      });
    },
  };
  const watching = await context({ ...bundleOptions("server"), plugins: [restart] });
  await watching.watch();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, async () => {
      for (const builder of builders) builder.kill();
      await product.stop();
      process.exit(0);
    });
  }
}

function keepRestarting() {
  let child;
  let last = Promise.resolve();
  const stop = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const start = () => {
    child = spawn(process.execPath, ["--enable-source-maps", "dist/main.js", ...process.argv.slice(2)], { stdio: "inherit" });
  };
  // One after the other: a change during a restart is the next restart.
  const restart = () => {
    last = last.then(stop).then(start);
  };
  return { restart, stop: () => last.then(stop) };
}
