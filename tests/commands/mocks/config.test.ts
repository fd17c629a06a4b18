import { programConfig } from "../../../commands/mocks/config.ts";

const project = `
name: marketing-stack
config:
  sources: { type: array, items: { type: string }, default: [website] }
  chatWebhookUrl: { type: string, default: "" }
  portBase: { type: integer, default: 30100 }
  kubeconfig: { type: string, default: "" }
  googleProject: { type: string }
`;

test("the stack's file wins over the defaults, and a stand-in over what is encrypted", () => {
  const stack = `
config:
  marketing-stack:portBase: "30200"
  marketing-stack:chatWebhookUrl: { secure: v1:abc }
  gcp:project: example
`;
  expect(programConfig(project, stack)).toEqual({
    values: {
      "marketing-stack:sources": '["website"]',
      "marketing-stack:chatWebhookUrl": "https://secret.invalid/",
      "marketing-stack:portBase": "30200",
      "marketing-stack:kubeconfig": "",
      "gcp:project": "example",
    },
    secretKeys: ["marketing-stack:chatWebhookUrl"],
  });
});

test("a list with one encrypted entry is a secret as a whole", () => {
  const stack = "config:\n  marketing-stack:sources: [a, { secure: v1:abc }]\n";
  const { values, secretKeys } = programConfig(project, stack);
  expect(secretKeys).toEqual(["marketing-stack:sources"]);
  expect(values["marketing-stack:sources"]).toBe('["a","https://secret.invalid/"]');
});

test("a kubeconfig is replaced only where one is configured", () => {
  const of = (stack: string): unknown =>
    programConfig(project, stack, "/stand-in").values["marketing-stack:kubeconfig"];
  expect(of("config: {}")).toBe("");
  expect(of("config:\n  marketing-stack:kubeconfig: /home/me/config\n")).toBe("/stand-in");
});

test("an empty file is a configuration of defaults", () => {
  expect(programConfig(project, "").secretKeys).toEqual([]);
});
