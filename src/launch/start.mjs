import "./nodeVersion.mjs";

// The product runs in this process: Ctrl-C, signals and kill -9 meet it and no wrapper.
import("./prepare.mjs")
  .then((launch) => launch.prepareOrExit(["server", "widget", "agent-desk"]))
  .then(() => {
    process.setSourceMapsEnabled(true);
    return import("../../dist/main.js");
  });
