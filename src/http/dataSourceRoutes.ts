import { z } from "zod";
import { dataSourceList } from "../operations/dataSources/dataSourceList.ts";
import { listDataSources } from "../operations/dataSources/dataSourceStore.ts";
import { requireDataSource, viewOfSource } from "../operations/dataSources/saveDataSources.ts";
import { pageInMemory } from "../platform/lists/listInMemory.ts";
import { type DataSourceView, dataSourceKinds } from "../protocol/dataSources.ts";
import { byToken } from "./callers.ts";
import { runAsResource } from "./commandAsResource.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { idParams, instant, namesOf, pageQuery } from "./schemas.ts";

const settings = {
  name: z.string(),
  kind: z.enum(dataSourceKinds),
  host: z.string(),
  port: z.int().optional(),
  database: z.string(),
  user: z.string(),
  password: z.string().optional().meta({ format: "password", description: "Never answered." }),
  tls: z.boolean().optional(),
};
const createBody = z.strictObject(settings).meta({ id: "NewDataSource" });
const changeBody = z
  .strictObject(settings)
  .partial()
  .extend({ version: z.int().min(1).optional() })
  .meta({ id: "DataSourceChange" });
const { password: _, port, tls, ...shown } = settings;
const sourceAnswer = z
  .strictObject({
    id: z.uuid(),
    ...shown,
    port: port.unwrap(),
    tls: tls.unwrap(),
    hasPassword: z.boolean().meta({ description: "It is bound to host and port, and gone when these change." }),
    demo: z.boolean(),
    version: z.int(),
    changedBy: z.string(),
    changedAt: instant,
  })
  .meta({ id: "DataSource" }) satisfies z.ZodType<DataSourceView>;
const sourcesAnswer = z.strictObject({ items: z.array(sourceAnswer), nextCursor: z.string().nullable() });
const testAnswer = z
  .strictObject({ server: z.string(), mayWrite: z.boolean().meta({ description: "Whether its user may change data there." }) })
  .meta({ id: "DataSourceTest" });
const sourcesQuery = pageQuery(50, { fields: namesOf(dataSourceList), sort: "name", filter: '{"kind": {"eq": "mysql"}}' });

/** Databases of the tenant's own, from which operations read. */
export function dataSourceOperations(deps: HttpDependencies): Operation[] {
  const common = { tag: "Data sources", caller: byToken(deps, "sources.manage"), query: nothing } as const;
  const path = "/api/v1/data-sources";
  const one = { params: idParams, answers: { statuses: { 200: "The data source." }, schema: sourceAnswer } } as const;
  const answered = (data: unknown): DataSourceView => z.object({ dataSource: z.custom<DataSourceView>() }).parse(data).dataSource;

  return [
    operation({
      ...common,
      method: "get",
      path,
      id: "listDataSources",
      summary: "The data sources.",
      params: nothing,
      query: sourcesQuery,
      body: noBody,
      answers: { statuses: { 200: "A page of them, by name where nothing else is asked." }, schema: sourcesAnswer },
      handle: async ({ caller, query }) => {
        const all = (await listDataSources(deps.database.aside.forTenant(caller.tenant))).map(viewOfSource);
        return { status: 200, body: pageInMemory(dataSourceList, all, query) };
      },
    }),
    operation({
      ...common,
      method: "post",
      path,
      id: "createDataSource",
      stepUp: true,
      summary: "Keeps what opens a database; its password is sealed, for this host and port alone.",
      params: nothing,
      body: createBody,
      answers: { statuses: { 201: "It is kept." }, schema: sourceAnswer },
      handle: async ({ body, ...asking }) => {
        const made = answered(await runAsResource(deps, asking, "data-source.create", body));
        return { status: 201, body: made, headers: { Location: `${path}/${made.id}` } };
      },
    }),
    operation({
      ...common,
      ...one,
      method: "get",
      path: `${path}/{id}`,
      id: "readDataSource",
      summary: "A data source, by its id or its name.",
      body: noBody,
      handle: async ({ caller, params }) => ({ status: 200, body: viewOfSource(await requireDataSource(deps, caller.tenant, params.id)) }),
    }),
    operation({
      ...common,
      ...one,
      method: "patch",
      path: `${path}/{id}`,
      id: "changeDataSource",
      stepUp: true,
      summary: "Changes what is given; with another host or port the password is forgotten.",
      body: changeBody,
      handle: async ({ params, body, ...asking }) => ({
        status: 200,
        body: answered(await runAsResource(deps, asking, "data-source.update", { ...body, source: params.id })),
      }),
    }),
    operation({
      ...common,
      method: "delete",
      path: `${path}/{id}`,
      id: "deleteDataSource",
      stepUp: true,
      summary: "Forgets a data source, and what opens it.",
      params: idParams,
      body: noBody,
      answers: { statuses: { 204: "It is gone." }, schema: noBody },
      handle: async ({ params, ...asking }) => {
        await runAsResource(deps, asking, "data-source.delete", { source: params.id });
        return { status: 204 };
      },
    }),
    operation({
      ...common,
      method: "post",
      path: `${path}/{id}/test`,
      id: "testDataSource",
      summary: "Connects to a data source.",
      params: idParams,
      body: noBody,
      answers: { statuses: { 200: "It answers." }, schema: testAnswer },
      handle: async ({ params, ...asking }) => ({
        status: 200,
        body: testAnswer.parse(await runAsResource(deps, asking, "data-source.test", { source: params.id })),
      }),
    }),
  ];
}
