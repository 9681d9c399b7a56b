import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { z } from "zod";
import { apiCalls } from "../../test/api-calls.ts";
import { bob, URL_OF_CONSOLE, Visit } from "../../test/visit.ts";
import { routes } from "./add-api.ts";
import { openApi } from "./open-api.ts";

describe("the document of the API", () => {
  let visit: Visit;
  let calls: ReturnType<typeof apiCalls>;
  beforeEach(() => {
    visit = new Visit();
    calls = apiCalls(visit);
  });

  for (const { operationId, answer, status = 200 } of routes)
    it(`answers ${operationId} as its document says`, async () => {
      const response = await (calls[operationId] ?? assert.fail("no call of it here"))();
      assert.equal(response.status, status, await response.clone().text());
      const schema = answer instanceof z.ZodObject ? answer.strict() : answer;
      schema.parse(await response.json());
    });

  it("has a document of every route, and of nothing else", async () => {
    const served = (await (await visit.request("/api/v1/openapi.json")).json()) as ReturnType<typeof openApi>;
    assert.deepEqual(served, JSON.parse(JSON.stringify(openApi(routes, `${URL_OF_CONSOLE}/api/v1`))));
    const paths = served["paths"] as Record<string, Record<string, { operationId: string }>>;
    const documented = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
    assert.deepEqual(documented.toSorted(), Object.keys(calls).toSorted());
    for (const [path, methods] of Object.entries(paths))
      for (const method of ["get", "post", "put", "delete"]) {
        const url = path.replace(/\{\w+\}/g, "7");
        const response = await visit.api(url, { method: method.toUpperCase(), as: bob });
        assert.equal(response.status === 404, !(method in methods), `${method} ${path}: ${response.status}`);
      }
  });

  it("has a document that holds together", async () => {
    const { paths, components } = (await (await visit.request("/api/v1/openapi.json")).json()) as {
      readonly paths: Record<string, Record<string, Record<string, unknown>>>;
      readonly components: { readonly schemas: Record<string, unknown> };
    };
    for (const [path, methods] of Object.entries(paths))
      for (const [method, operation] of Object.entries(methods)) {
        const parameters = operation["parameters"] as { readonly name: string; readonly in: string }[];
        const named = parameters.filter((one) => one.in === "path").map(({ name }) => name);
        const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        assert.deepEqual(named, wanted, `${method} ${path}`);
        assert.equal(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size, parameters.length);
        for (const [, name = ""] of JSON.stringify(operation).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
          assert.ok(name in components.schemas, name);
      }
  });
});
