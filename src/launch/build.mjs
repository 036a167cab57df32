import "./nodeVersion.mjs";

import("./prepare.mjs").then((launch) => launch.prepareOrExit(["server", "widget", "agent-desk"]));
