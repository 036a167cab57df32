#!/usr/bin/env node
import "./nodeVersion.mjs";

// The tool runs in this process: it has the terminal, and Ctrl-C meets it and no wrapper.
import("./prepare.mjs")
  .then((launch) => launch.prepareOrExit(["switchboard"]))
  .then(() => {
    process.setSourceMapsEnabled(true);
    return import("../../dist/switchboard.js");
  });
