import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readConfig, settingsHelp } from "../../src/config.ts";

const compose = z
  .object({
    services: z.record(
      z.string(),
      z.object({
        environment: z.record(z.string(), z.string()).default({}),
        volumes: z.array(z.string()).default([]),
        depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
        healthcheck: z.object({}).optional(),
      }),
    ),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(await readFile("docker-compose.yml", "utf8")));
const services = Object.entries(compose.services);
const product = compose.services["switchboard"];
/** What compose makes of `${NAME:-value}` where nobody has set NAME. */
const environment = Object.fromEntries(
  Object.entries(product?.environment ?? {}).map(([name, value]) => [name, value.replace(/\$\{\w+:-(.*?)\}/g, "$1")]),
);

test("every setting in docker-compose.yml is one that the product reads, and takes", () => {
  const known = [...settingsHelp().matchAll(/^ {2}([A-Z][A-Z\d_]+) /gm)].map(([, name]) => name);
  expect(known).toContain("DATABASE_URL");
  expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  expect(readConfig(environment)).toMatchObject({ host: "0.0.0.0", publicUrl: "http://localhost:3000", dataDir: "/switchboard/data" });
});

test("what it waits for and asks is a service of the file, with a look at its health where that is waited for", () => {
  for (const [name, { depends_on }] of services) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      expect(compose.services, name).toHaveProperty(other);
      if (condition === "service_healthy") expect(compose.services[other], `${name} waits for ${other}`).toHaveProperty("healthcheck");
    }
  }
  const asked = Object.entries(environment).flatMap(([name, value]) =>
    /^(DATABASE|NATS|REDIS|S3|SMTP)_URL$/.test(name) ? [new URL(value).hostname] : [],
  );
  expect(asked.sort()).toEqual(Object.keys(product?.depends_on ?? {}).sort());
});

test("the volumes that are used are declared, and those that are declared are used", () => {
  const used = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(":")[0]));
  expect(Object.keys(compose.volumes).sort()).toEqual([...new Set(used)].sort());
});

test("the product is given the user, the password and the database that PostgreSQL is set up with", () => {
  const made = compose.services["postgresql"]?.environment ?? {};
  const { username, password, pathname } = new URL(environment["DATABASE_URL"] ?? "");
  expect({ POSTGRES_USER: username, POSTGRES_PASSWORD: password, POSTGRES_DB: pathname.slice(1) }).toEqual(made);
});
