import "./nodeVersion.mjs";

import("./watch.mjs").then((launch) => launch.watch());
