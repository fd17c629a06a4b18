import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { configKeys } from "../../stacks/config-keys.ts";
import { readConfig } from "../../stacks/config.ts";
import { configure } from "./dev-program.ts";

test("the defaults of Pulumi.yaml are a complete configuration", () => {
  configure();
  expect(readConfig()).toMatchObject({ platform: "local", portBase: 30100, sources: ["website"] });
});

test("Pulumi.yaml declares exactly the keys that are read, each with type, default and description", () => {
  const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as {
    config: Record<string, { type: string; default: unknown; description: string }>;
  };
  expect(Object.keys(config).sort()).toEqual([...configKeys].sort());
  for (const [key, { type, default: value, description }] of Object.entries(config)) {
    expect([key, typeof type, value !== undefined, description.length > 10]).toEqual([
      key,
      "string",
      true,
      true,
    ]);
  }
});

test.each([
  [
    { platform: "minikube" },
    'marketing-stack:platform must be local, kubeconfig or gke, got "minikube"',
  ],
  [
    { platform: "kubeconfig" },
    'marketing-stack:kubeconfig must be an absolute path where platform is kubeconfig, got ""',
  ],
  [
    { platform: "kubeconfig", kubeconfig: "/k" },
    'marketing-stack:registry must be set where platform is kubeconfig, got ""',
  ],
  [{ portBase: 80 }, "marketing-stack:portBase must be a whole number from 30000 to 32764, got 80"],
  [
    { sources: [] },
    'marketing-stack:sources must be a list of different names of 1-63 characters of [a-z0-9-] other than "mail", got []',
  ],
  [
    { sourceRules: { shop: {} } },
    'marketing-stack:sourceRules must name sources, got "shop"; known are website',
  ],
  [{ sources: ["a", "a"] }, 'got ["a","a"]'],
  [{ sources: ["Web Site"] }, 'got ["Web Site"]'],
  [{ adminEmail: "admin" }, 'marketing-stack:adminEmail must be an e-mail address, got "admin"'],
  [
    { collectorTls: { port: 30101 } },
    "marketing-stack:collectorTls.port must be a whole number from 30000 to 32767 that is none of 30100, 30101, 30102, 30103",
  ],
  [
    { platform: "gke", collectorTls: { port: 30443 } },
    "marketing-stack:collectorTls must be left out where platform is gke",
  ],
  [{ spoolGib: 0 }, "marketing-stack:spoolGib must be a whole number from 1 to 1000, got 0"],
  [
    { cmsReplicas: 1.5 },
    "marketing-stack:cmsReplicas must be a whole number from 1 to 20, got 1.5",
  ],
  [
    { chatWebhookUrl: "https://chat" },
    "marketing-stack:chatWebhookUrl must be a secret, got plain text; set it with pulumi config set --secret",
  ],
  [
    { connectors: { team: { kind: "teams", url: "https://teams.example/x" } } },
    "marketing-stack:connectors must hold secrets, got plain text; set each field with pulumi config set --path --secret",
  ],
  [
    { connectors: { team: { kind: "fax" } } },
    'marketing-stack:connectors.team.kind must be one of webhook, slack, teams, hubspot, salesforce, got "fax"; set it',
  ],
  [
    { smtpUrl: "smtps://mail.example" },
    "marketing-stack:smtpUrl must be a secret, got plain text; set it with pulumi config set --secret",
  ],
  [
    { siteUrl: "shop.example/" },
    'marketing-stack:siteUrl must be an http(s) URL without / at its end, got "shop.example/"',
  ],
  [{ sources: ["mail"] }, 'other than "mail", got ["mail"]'],
  [
    { platform: "gke" },
    'marketing-stack:googleProject must be a project id where platform is gke, got ""',
  ],
  [
    { platform: "gke", adminNetworks: ["0.0.0.0/0"] },
    'marketing-stack:adminNetworks must be a list of IPv4 ranges such as 203.0.113.0/24, none wider than /8, where platform is gke, got ["0.0.0.0/0"]',
  ],
  [
    { platform: "gke", domain: "https://example.com" },
    'marketing-stack:domain must be a domain name where platform is gke, got "https://example.com"',
  ],
  [
    { sorces: ["website"] },
    "marketing-stack:sorces must be a key that Pulumi.yaml declares; did you mean sources?",
  ],
])("fails on %j", (changed, message) => {
  configure(changed);
  expect(() => readConfig()).toThrow(message);
});

test("fails with all mistakes at once", () => {
  configure({ portBase: 80, adminEmail: "x", sorces: [] });
  expect(() => readConfig()).toThrow(
    /sorces.*\n.*portBase.*\n.*adminEmail|sorces[^]*portBase[^]*adminEmail/,
  );
});

describe("with connectors that are secrets", () => {
  beforeEach(() => {
    process.env.PULUMI_CONFIG_SECRET_KEYS = '["marketing-stack:connectors"]';
  });
  afterEach(() => {
    delete process.env.PULUMI_CONFIG_SECRET_KEYS;
  });
  const team = { kind: "teams", url: "https://teams.example/hook" };

  test("they are one secret, whose revision tells nothing of it", () => {
    configure({ connectors: { team } });
    const { connectors } = readConfig();
    expect(connectors!.revision).toMatch(/^[0-9a-f]{4}$/);
    expect(connectors!.value).toBeDefined();
  });

  test("fails on an address that the network of Google Cloud does not let out to", () => {
    configure({
      platform: "gke",
      connectors: { team: { ...team, url: "https://teams.example:8443/hook" } },
    });
    expect(() => readConfig()).toThrow(
      "marketing-stack:connectors.team.url must be an https URL without a port where platform is gke, got something else; its network lets out nothing else",
    );
    expect(() => readConfig()).not.toThrow(/8443/);
  });
});

describe("with a mail server that is a secret", () => {
  beforeEach(() => {
    process.env.PULUMI_CONFIG_SECRET_KEYS = '["marketing-stack:smtpUrl"]';
  });
  afterEach(() => {
    delete process.env.PULUMI_CONFIG_SECRET_KEYS;
  });

  test("its revision tells nothing of it", () => {
    configure({ smtpUrl: "smtps://me:password@mail.example" });
    expect(readConfig().smtpUrl!.revision).toMatch(/^[0-9a-f]{4}$/);
  });

  test.each([
    [{ smtpUrl: "mail.example:geheim" }, "must be empty, smtps://user:password@host or smtp://"],
    [{ smtpUrl: "smtp+plain://geheim" }, "must be empty, smtps://user:password@host or smtp://"],
    [
      { smtpUrl: "smtp://me:geheim@mail.example:25", platform: "gke" },
      "must have port 465 or 587 where platform is gke, got another",
    ],
  ])("fails on %j, and does not repeat it", (changed, message) => {
    configure(changed);
    expect(() => readConfig()).toThrow(`marketing-stack:smtpUrl ${message}`);
    expect(() => readConfig()).not.toThrow(/geheim/);
  });
});

test("a chat webhook is never repeated in an error", () => {
  configure({ chatWebhookUrl: "ftp://hooks.example.com/secret-part" });
  expect(() => readConfig()).toThrow(
    "marketing-stack:chatWebhookUrl must be empty or an http(s) URL, got something else",
  );
  expect(() => readConfig()).not.toThrow(/secret-part/);
});

test.each(["http://hooks.example.com/x", "https://hooks.example.com:8443/x", "https://"])(
  "fails on a chat webhook that the network of Google Cloud does not let out to: %s",
  (chatWebhookUrl) => {
    configure({ platform: "gke", chatWebhookUrl });
    expect(() => readConfig()).toThrow(
      "marketing-stack:chatWebhookUrl must be an https URL without a port where platform is gke, got something else",
    );
  },
);
