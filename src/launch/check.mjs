import "./nodeVersion.mjs";

/** `npm run check`: everything that a machine can say of the code, the same for a person and in CI. */
var gates = [
  ["format and lint", ["node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "."]],
  ["types of the server", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.server.json"]],
  ["types of the browser", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.browser.json"]],
  ["types of the browser's tests", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.browserTests.json"]],
  ["floors", ["tests/house/floors.mjs"]],
  ["stores", ["tests/house/stores.mjs"]],
  ["what nobody uses", ["node_modules/knip/bin/knip.js", "--no-config-hints"]],
];

import("./prepare.mjs")
  .then((launch) => launch.prepareOrExit([], { development: true }))
  .then(() => import("node:child_process"))
  .then((childProcess) => {
    var failed = gates.filter(([name, command]) => {
      console.log(`-- ${name}`);
      return childProcess.spawnSync(process.execPath, command, { stdio: "inherit" }).status !== 0;
    });
    for (const [name] of failed) console.error(`Not passed: ${name}`);
    process.exit(failed.length === 0 ? 0 : 1);
  });
