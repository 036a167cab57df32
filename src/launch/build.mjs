import "./nodeVersion.mjs";

import("./prepare.mjs").then((launch) => launch.prepareOrExit(["server", "su", "switchboard", "widget", "agent-desk"]));
