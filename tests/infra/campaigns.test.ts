import { CampaignDefinition } from "../../infra/campaign-definition.ts";
import { Campaigns } from "../../infra/campaigns.ts";
import { campaignDefinition } from "../../stacks/campaigns/schema.ts";
import { registrationsOf } from "../mocks.ts";

const type = "kubernetes:marketing.stack/v1alpha1:Campaign";

test("creates a custom resource for each campaign, which is there once the worker has accepted it", async () => {
  const campaigns = { sale: { owner: "a@b.example" }, welcome: { owner: "c@d.example" } };
  const component = "marketing-stack:infra:Campaigns";
  const object = (name: string, spec: object) => ({
    path: `${component}$${type}::campaigns-${name}`,
    inputs: {
      apiVersion: "marketing.stack/v1alpha1",
      kind: "Campaign",
      metadata: {
        name,
        namespace: "dev",
        labels: { "app.kubernetes.io/part-of": "marketing-stack" },
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec,
    },
  });
  expect(
    await registrationsOf(() => new Campaigns("campaigns", { namespace: "dev", campaigns })),
  ).toEqual([
    { path: `${component}::campaigns`, inputs: {} },
    object("sale", campaigns.sale),
    object("welcome", campaigns.welcome),
  ]);
});

test("creates the definition of campaigns as its file has it, beside whoever made it before", async () => {
  const definition = campaignDefinition() as { spec: object };
  const component = "marketing-stack:infra:CampaignDefinition";
  const kind = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
  expect(
    await registrationsOf(() => new CampaignDefinition("campaign-definition", { definition })),
  ).toEqual([
    { path: `${component}::campaign-definition`, inputs: {} },
    {
      path: `${component}$${kind}::campaign-definition`,
      inputs: {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: {
          name: "campaigns.marketing.stack",
          annotations: { "pulumi.com/patchForce": "true" },
        },
        spec: definition.spec,
      },
    },
  ]);
});
