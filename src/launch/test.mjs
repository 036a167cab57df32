import "./nodeVersion.mjs";

// `tests`, `long` or `journeys`, then what vitest is told.
var project = process.argv[2];

import("./prepare.mjs")
  .then((launch) => launch.prepareOrExit(["server", "su", "switchboard", "widget", "agent-desk", "bench", "chaos"], { development: true }))
  .then(() => import("node:child_process"))
  .then((childProcess) => {
    var vitest = childProcess.spawn(
      process.execPath,
      ["node_modules/vitest/vitest.mjs", "run", "--project", project].concat(process.argv.slice(3)),
      {
        stdio: "inherit",
      },
    );
    process.on("SIGINT", () => {}); // the terminal has told vitest too
    vitest.on("exit", (code) => {
      process.exit(code === null ? 1 : code);
    });
  });
