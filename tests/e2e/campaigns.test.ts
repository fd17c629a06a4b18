import { applyObject, callApi, type ApiAnswer } from "../../local/cluster/api.ts";
import { waitFor } from "../../local/wait.ts";
import { campaignDefinition } from "../../stacks/campaigns/schema.ts";
import {
  rightCampaigns,
  welcomeWith,
  wrongCampaigns,
} from "../stacks/campaigns/wrong-campaigns.ts";

const definition =
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/campaigns.marketing.stack";
const campaigns = "/apis/marketing.stack/v1alpha1/namespaces/default/campaigns";

/** What the API server answers to a campaign that it is not to keep. */
function offer(spec: object): Promise<ApiAnswer> {
  const body = {
    apiVersion: "marketing.stack/v1alpha1",
    kind: "Campaign",
    metadata: { name: "offered" },
    spec,
  };
  const query = "?dryRun=All&fieldValidation=Strict";
  return callApi("POST", campaigns + query, { type: "application/json", body });
}

/**
 * Fields that the API server refuses, as lint names them. For a rule that could not be evaluated it names what the rule
 * stands beside; `known` says which field in it is meant.
 */
function refused({ status, body }: ApiAnswer, known: readonly string[]): string[] {
  if (status === 201) return [];
  const { message, details } = JSON.parse(body) as {
    message: string;
    details?: { causes?: { field: string; message: string }[] };
  };
  const causes = details?.causes?.filter(({ message }) => !message.includes("not checked"));
  if (!causes) return [message];
  const fields = causes
    .map(({ field }) => field.replace(/^spec\./, "").replace(/\[([a-z][^\]]*)\]/g, ".$1"))
    .map((field) => known.find((inner) => inner.startsWith(`${field}.`)) ?? field);
  return [...new Set(fields)];
}

beforeAll(async () => {
  await applyObject(definition, campaignDefinition());
  await waitFor("campaigns in the API server", 30, async () => {
    const { status } = await offer(welcomeWith({}));
    return status === 404 ? undefined : status;
  });
});
afterAll(() => callApi("DELETE", definition));

test("the API server refuses what lint refuses, for the same fields", async () => {
  const found: [string, string[]][] = [];
  for (const [title, changes, fields] of wrongCampaigns) {
    found.push([title, refused(await offer(welcomeWith(changes)), fields)]);
  }
  expect(found).toEqual(wrongCampaigns.map(([title, , fields]) => [title, fields]));
});

test("the API server takes what lint takes", async () => {
  const found: [string, string[]][] = [];
  for (const [title, changes] of rightCampaigns) {
    found.push([title, refused(await offer(welcomeWith(changes)), [])]);
  }
  expect(found).toEqual(rightCampaigns.map(([title]) => [title, []]));
});

test("fails on a field that the schema does not know", async () => {
  const { status, body } = await offer(welcomeWith({ "window.zone": "UTC" }));
  expect([status, body]).toEqual([
    400,
    expect.stringContaining('unknown field \\"spec.window.zone'),
  ]);
});
