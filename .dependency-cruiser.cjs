/** The floors of ARCHITECTURE.md: a room imports from the floors below it, never from above or from beside. */
const floors = [
  ["src/protocol"],
  ["src/platform"],
  ["src/access"],
  ["src/files"],
  ["src/commands"],
  ["src/entities"],
  ["src/operations"],
  ["src/conversations", "src/routing", "src/notices"],
  ["src/aids", "src/search"],
  ["src/channels"],
  ["src/http", "src/sockets", "src/cli", "bots"],
  ["src/compose"],
  ["src/main"],
];
// The one leaf that a server room may read from above it: what an automation is.
const contract = "^automations/contract\\.ts$";

const path = (names) => `^(${names.map((name) => (/main$/.test(name) ? `${name}\\.ts$` : `${name}/`)).join("|")})`;

const upward = floors.slice(0, -1).map((floor, index) => ({
  name: `${floor.map((room) => room.replace("src/", "")).join("-")}-looks-down`,
  comment: "A floor knows only those below it.",
  severity: "error",
  from: { path: path(floor) },
  to: { path: path(floors.slice(index + 1).flat()) },
}));

const beside = floors.flatMap((floor) =>
  floor.length < 2
    ? []
    : floor.map((room) => ({
        name: `${room.replace("src/", "")}-knows-no-sibling`,
        comment: "Where one must tell the other, an event or a function passed by compose does it.",
        severity: "error",
        from: { path: path([room]) },
        to: { path: path(floor.filter((other) => other !== room)) },
      })),
);

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolvable",
      comment: "What the launch imports last is built first.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "dist/(main|su|switchboard)\\.js$" },
    },
    ...upward,
    ...beside,
    {
      name: "automations-see-one-file",
      comment: "An automation sees its contract and its neighbours' words, nothing of the product.",
      severity: "error",
      from: { path: "^automations/" },
      to: { path: "^(src|widget|agent-desk|prisma)/" },
    },
    {
      name: "server-sees-the-contract-only",
      severity: "error",
      from: { path: "^src/(?!main\\.ts$|compose/)" },
      to: { path: "^automations/", pathNot: contract },
    },
    {
      name: "browsers-see-client-and-protocol",
      severity: "error",
      from: { path: "^(widget|agent-desk|src/client)/" },
      to: { path: "^(src|automations|prisma|bots)/", pathNot: "^src/(client|protocol)/" },
    },
    {
      name: "browsers-carry-no-validators",
      comment: "zod in the widget costs 25 kB gzip.",
      severity: "error",
      from: { path: "^(widget|agent-desk|src/client)/" },
      to: { path: "(Schemas\\.ts$|node_modules/zod/)" },
    },
    {
      name: "faces-don't-know-each-other",
      severity: "error",
      from: { path: "^widget/" },
      to: { path: "^agent-desk/" },
    },
    {
      name: "the-server-has-no-browser-code",
      severity: "error",
      from: { path: "^src/(?!client/)" },
      to: { path: "^(widget|agent-desk|src/client)/" },
    },
    {
      name: "only-stores-say-sql-or-prisma",
      comment: "The generated client is opened by the platform, and spoken to through it.",
      severity: "error",
      // Other people's databases are reached by adapters of their own, and the demo shop is another database.
      from: { path: "^src/", pathNot: "^src/(platform|operations/sources|operations/demoShop)/" },
      to: { path: "^(prisma/generated/|node_modules/(pg|pg-cursor|mysql2|@prisma)/)" },
    },
    {
      name: "the-product-has-no-tests-in-it",
      severity: "error",
      from: { path: "^(src|automations|widget|agent-desk|prisma)/" },
      to: { path: "^tests/" },
    },
  ],
  options: {
    doNotFollow: { path: "(node_modules|prisma/generated)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
    moduleSystems: ["es6", "cjs"],
  },
};
