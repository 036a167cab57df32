// `npm run check`: tables are reached by stores alone (a room's statements stand in its `…Store.ts`), so that whoever looks for who reads a table
// finds all of them, and nothing is found past the person who may see it.
import { readdirSync, readFileSync } from "node:fs";

/** Stores by another name. */
const also = new Set([
  "src/access/members/memberships.ts",
  "src/access/members/people.ts",
  "src/access/sessions/socketTicket.ts",
  "src/access/tenants/tenants.ts",
  "src/conversations/inboxes/inboxes.ts",
  "src/routing/mergedHappenings.ts",
]);
const reaches = /\.query(?:<[^(]*>)?\(|\bprisma\.(?!ts)\w|\$(?:query|execute)Raw/;

const files = ["src", "bots", "automations"].flatMap((root) =>
  readdirSync(root, { recursive: true })
    .map((name) => `${root}/${name}`)
    .filter((name) => name.endsWith(".ts")),
);
// Data sources have other people's tables, and none of ours.
const mayReach = (name) => name.endsWith("Store.ts") || /^src\/(platform|operations\/sources)\//.test(name) || also.has(name);
const stores = files.filter((name) => mayReach(name) && reaches.test(readFileSync(name, "utf8")));
const past = files.filter((name) => !mayReach(name) && reaches.test(readFileSync(name, "utf8")));
for (const name of past) console.error(`reaches a table past the stores: ${name}`);
const idle = [...also].filter((name) => !stores.includes(name));
for (const name of idle) console.error(`is no store any more: ${name}`);
console.log(`stores: ${files.length} files read, ${stores.length} reach tables, ${past.length} past the stores`);
process.exit(past.length + idle.length === 0 && stores.length > 40 ? 0 : 1);
