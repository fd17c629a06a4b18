import fc from "fast-check";
import { alertmanagerConfig } from "../../../local/monitoring/delivery/alertmanager-config.ts";
import { inNamespace, isAboutAbsence } from "../../../local/monitoring/delivery/namespaced.ts";
import { ruleGroupOf } from "../../../local/monitoring/delivery/rule-groups.ts";
import { prometheusTemplate } from "../../../local/monitoring/delivery/templates.ts";
import { checkWithPromtool } from "../../../local/monitoring/promql/promtool.ts";
import type { AlertPolicy } from "../../../local/monitoring/rules/alert-policy.ts";
import type { NotificationChannel } from "../../../local/monitoring/rules/notification-channel.ts";
import { promqlPolicy, thresholdPolicy } from "./policies.ts";

test.each([
  ["up", 'up{namespace="dev"}'],
  ["up{}", 'up{namespace="dev"}'],
  ['up{job="a",}', 'up{namespace="dev",job="a",}'],
  ['{__name__="up"}', '{namespace="dev",__name__="up"}'],
  [
    'sum by (namespace) (rate(a:b{c="}"}[5m:1m] offset 1w)) / on () group_left b > 1',
    'sum by (namespace) (rate(a:b{namespace="dev",c="}"}[5m:1m] offset 1w)) / on () group_left b{namespace="dev"} > 1',
  ],
  ['up{namespace="prod"}', 'up{namespace="dev",namespace="prod"}'],
  ["vector(1) > time()", "vector(1) > time()"],
  ['{"compute.googleapis.com/x"}', '{namespace="dev",__name__="compute.googleapis.com/x"}'],
])("a query sees one namespace: %s", async (query, confined) => {
  expect(inNamespace(query, "dev")).toBe(confined);
  expect(await checkWithPromtool(confined)).toBeUndefined();
});

test("whatever a selector's texts hold, its namespace is confined once", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const query = `max(up{job=${JSON.stringify(value).replace(/\\u[0-9a-f]{4}/g, "?")}})`;
      const expected = query.replace("{", '{namespace="dev",');
      expect(inNamespace(query, "dev")).toBe(expected);
    }),
  );
});

test.each([
  ['absent(up{job="worker"} == 1)', true],
  ["a > 1 or absent_over_time(b[5m])", true],
  ['max(up{job="absent(x)"}) > 1', false],
])("%s is about absence: %p", (query, is) => {
  expect(isAboutAbsence(query)).toBe(is);
});

test("variables of documentation become labels, other braces stay as they are", () => {
  const values = { project: "p", policy: "services/{{ x }}", condition: "c" };
  const text =
    "${metric.label.campaign} ${metric_or_resource.labels.job} ${policy.display_name} ${condition.name} ${project} ${other} {{ y }}";
  expect(prometheusTemplate(text, values)).toBe(
    '{{ $labels.campaign }} {{ $labels.job }} services/{{ "{{" }} x }} c p ${other} {{ "{{" }} y }}',
  );
});

const name = "projects/marketing-stack-dev/alertPolicies/1";

function policy(changes: Partial<AlertPolicy> = {}): AlertPolicy {
  return { ...(promqlPolicy() as AlertPolicy), name, ...changes };
}

test("a policy becomes a group of one rule", () => {
  expect(ruleGroupOf(policy(), "marketing-stack-dev")).toEqual({
    name,
    interval: "30s",
    rules: [
      {
        alert: "CmsDown",
        expr: '(sum(up{namespace="dev",job="cms"}) or vector(0)) < 0.5',
        for: "120000ms",
        labels: { severity: "critical", project: "marketing-stack-dev", policy: name },
        annotations: {
          summary: "services/CmsDown",
          documentation: "No CMS pod answers.",
          runbook: "https://example.com/CmsDown.md",
        },
      },
    ],
  });
});

test("a policy that is off, or without PromQL, is not evaluated", () => {
  expect(ruleGroupOf(policy({ enabled: false }), "p")).toBeUndefined();
  expect(ruleGroupOf({ ...(thresholdPolicy() as AlertPolicy), name }, "p")).toBeUndefined();
});

const settings = {
  prometheus: "http://prometheus/",
  ruleFolder: "/rules",
  alertmanager: "http://alertmanager/",
  alertmanagerConfig: "/alertmanager.json",
  alertmanagerLogin: "u:p",
  receiver: "http://receiver/",
  smarthost: "localhost:25",
};

test("each channel of a policy is a route; prompts and strategies are kept, disabled channels are not", () => {
  const channels = new Map<string, NotificationChannel>(
    [
      { name: "a", type: "webhook_tokenauth", labels: { url: "http://x/?token=t" } },
      { name: "b", type: "email", labels: { email_address: "b@example.com" } },
      { name: "c", type: "email", labels: { email_address: "c@example.com" }, enabled: false },
      { name: "d", type: "sms", labels: { number: "1" } },
    ].map((channel) => [channel.name, channel as unknown as NotificationChannel]),
  );
  const opened = policy({
    notificationChannels: ["a", "b", "c", "d", "e"],
    alertStrategy: {
      notificationPrompts: ["OPENED"],
      notificationChannelStrategy: [{ notificationChannelNames: ["b"], renotifyInterval: "1800s" }],
    },
  });
  const both = policy({ name: "other", notificationChannels: ["a"] });
  const matchers = [`policy="${name}"`];
  expect(alertmanagerConfig([{ policies: [opened, both], channels }], settings)).toEqual({
    route: {
      receiver: "nobody",
      group_by: ["..."],
      group_wait: "0s",
      group_interval: "5s",
      repeat_interval: "2160h",
      routes: [
        { receiver: "a opened", matchers, continue: true },
        { receiver: "b opened", matchers, continue: true, repeat_interval: "1800s" },
        { receiver: "a", matchers: ['policy="other"'], continue: true },
      ],
    },
    receivers: [
      { name: "nobody" },
      { name: "a opened", webhook_configs: [{ send_resolved: false, url: "http://x/?token=t" }] },
      {
        name: "b opened",
        email_configs: [
          expect.objectContaining({
            send_resolved: false,
            to: "b@example.com",
            smarthost: "localhost:25",
          }),
        ],
      },
      { name: "a", webhook_configs: [{ send_resolved: true, url: "http://x/?token=t" }] },
    ],
  });
});
