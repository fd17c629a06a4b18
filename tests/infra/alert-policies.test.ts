import * as pulumi from "@pulumi/pulumi";
import { AlertPolicies } from "../../infra/alert-policies.ts";
import { registrationsOf, secret } from "../mocks.ts";

const alert = {
  group: "services",
  expression: "up < 1",
  forSeconds: 120,
  evaluationIntervalSeconds: 30,
  severity: "critical",
  channels: ["email"],
  summary: "No CMS pod answers.",
  runbook: "Look at its logs.",
} as const;
const args = {
  project: "acme",
  labels: { app: "marketing-stack", env: "dev" },
  notificationEmail: "oncall@example.com",
  alerts: { CmsDown: alert },
};

test("creates one channel and one policy with one PromQL condition per alert", async () => {
  expect(await registrationsOf(() => new AlertPolicies("alerts", args))).toEqual([
    { path: "marketing-stack:infra:AlertPolicies::alerts", inputs: {} },
    {
      path: "marketing-stack:infra:AlertPolicies$gcp:monitoring/alertPolicy:AlertPolicy::CmsDown",
      inputs: {
        alertStrategy: { autoClose: "1800s", notificationPrompts: ["OPENED", "CLOSED"] },
        combiner: "OR",
        conditions: [
          {
            conditionPrometheusQueryLanguage: {
              alertRule: "CmsDown",
              disableMetricValidation: true,
              duration: "120s",
              evaluationInterval: "30s",
              query: "up < 1",
              ruleGroup: "services",
            },
            displayName: "CmsDown",
          },
        ],
        displayName: "services/CmsDown",
        documentation: {
          content: "No CMS pod answers.\n\nLook at its logs.",
          subject: "No CMS pod answers.",
        },
        notificationChannels: ["channels/alerts"],
        project: "acme",
        severity: "CRITICAL",
        userLabels: { app: "marketing-stack", env: "dev", severity: "critical" },
      },
    },
    {
      path: "marketing-stack:infra:AlertPolicies$gcp:monitoring/notificationChannel:NotificationChannel::alerts",
      inputs: {
        displayName: "Marketing stack",
        labels: { email_address: "oncall@example.com" },
        project: "acme",
        type: "email",
        userLabels: { app: "marketing-stack", env: "dev" },
      },
    },
  ]);
});

test("creates pager and chat with secrets where there are any, and each alert names those of its own", async () => {
  const channels = {
    pager: { kind: "pagerduty", serviceKey: pulumi.secret("pd-key") },
    chat: { kind: "slack", channel: "#team", token: pulumi.secret("xoxb-token") },
  } as const;
  const alerts = {
    CmsDown: { ...alert, channels: ["email", "pager", "chat"] },
    Slow: { ...alert, channels: ["email", "chat"] },
    Later: alert,
  } as const;
  const registrations = await registrationsOf(
    () => new AlertPolicies("alerts", { ...args, channels, alerts }),
  );
  const of = (kind: string) =>
    registrations
      .filter(({ path }) => path.includes(`:${kind}::`))
      .map(({ path, inputs }) => [path.split("::")[1], inputs] as const);
  const common = { project: "acme", userLabels: args.labels };
  expect(of("NotificationChannel")).toEqual([
    [
      "alerts",
      {
        ...common,
        displayName: "Marketing stack",
        type: "email",
        labels: { email_address: "oncall@example.com" },
      },
    ],
    [
      "alerts-chat",
      {
        ...common,
        displayName: "Marketing stack, chat",
        type: "slack",
        labels: { channel_name: "#team" },
        sensitiveLabels: secret({ authToken: "xoxb-token" }),
      },
    ],
    [
      "alerts-pager",
      {
        ...common,
        displayName: "Marketing stack, pager",
        type: "pagerduty",
        sensitiveLabels: secret({ serviceKey: "pd-key" }),
      },
    ],
  ]);
  expect(of("AlertPolicy").map(([name, inputs]) => [name, inputs.notificationChannels])).toEqual([
    ["CmsDown", ["channels/alerts", "channels/alerts-pager", "channels/alerts-chat"]],
    ["Later", ["channels/alerts"]],
    ["Slow", ["channels/alerts", "channels/alerts-chat"]],
  ]);
});

test("a webhook's URL is a secret", async () => {
  const channels = { pager: { kind: "webhook", url: pulumi.secret("https://hook/?t=1") } } as const;
  const registrations = await registrationsOf(
    () => new AlertPolicies("alerts", { ...args, channels }),
  );
  expect(registrations.find(({ path }) => path.endsWith("::alerts-pager"))!.inputs).toMatchObject({
    type: "webhook_tokenauth",
    labels: secret({ url: "https://hook/?t=1" }),
  });
});

test.each([
  ["Cms-Down", alert, 'alerts must be named by [A-Za-z_][A-Za-z0-9_]*, got "Cms-Down"'],
  [
    "CmsDown",
    { ...alert, evaluationIntervalSeconds: 45 },
    "evaluationIntervalSeconds of CmsDown must be a positive multiple of 30, got 45",
  ],
  [
    "CmsDown",
    { ...alert, runbook: "x".repeat(9000) },
    "runbook of CmsDown must leave its documentation at 8192 characters at most, got 9021",
  ],
])("fails on the alert %s that the API would refuse", async (name, definition, message) => {
  await expect(
    registrationsOf(() => new AlertPolicies("alerts", { ...args, alerts: { [name]: definition } })),
  ).rejects.toThrow(message);
});
