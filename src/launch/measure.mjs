import "./nodeVersion.mjs";

// `bench` or `chaos`: everything is built, then the runner takes over in this process, with the arguments that follow.
var runner = process.argv[2] === "chaos" ? "chaos" : "bench";
process.argv.splice(2, 1);

import("./prepare.mjs")
  .then((launch) => launch.prepareOrExit(["server", "widget", "agent-desk", runner]))
  .then(() => {
    process.setSourceMapsEnabled(true);
    return import(`../../dist/${runner}.js`);
  });
