import { known, type StackDeclaration } from "../../policy/rule.ts";
import { rules } from "../../policy/rules.ts";
import { goodOf, mutantOf, stacks, type Side } from "./case.ts";
import { cases } from "./cases.ts";
import { deployment, pod, withContainer } from "./good.ts";
import { makersOfPods } from "./rules/pod-security.ts";

/** What a rule says of one side of a case. */
function said(rule: string, { stack, ...resource }: Side): string[] {
  return rules.find(({ name }) => name === rule)!.check(resource, stacks[stack]);
}

test("every rule has a mutant", () => {
  expect([...new Set(cases.map(({ rule }) => rule))]).toEqual(rules.map(({ name }) => name));
});

test.each(cases)("$rule refuses $type with $what", (one) => {
  expect(said(one.rule, mutantOf(one))).toEqual(one.says);
});

test.each(cases)("every rule accepts the good twin of $type with $what", (one) => {
  expect(rules.flatMap(({ name }) => said(name, goodOf(one)))).toEqual([]);
});

test("every message says what must be, what is and what to do", () => {
  const messages = cases.flatMap(({ says }) => says);
  expect(messages.filter((message) => !/^.+ must .+, got .+; .+$/.test(message))).toEqual([]);
});

test.each(Object.keys(makersOfPods))("the rules look into the pods of %s", (type) => {
  const props = makersOfPods[type]!({ containers: [{ name: "app" }], hostNetwork: true });
  const side: Side = { type, stack: "prod", props, isProtected: true };
  expect(said("images", side)).toHaveLength(2);
  expect(said("pod-security", side)).toContain(
    "pod: hostNetwork must be false, got true; pods share nothing with their node",
  );
  expect(said("requests-and-limits", side)).toHaveLength(3);
});

test.each(rules)("$name has nothing to say of what it does not know", ({ name }) => {
  const type = "random:index/randomPassword:RandomPassword";
  expect(said(name, { type, stack: "prod", props: {}, isProtected: false })).toEqual([]);
});

test("a stack whose data may go need not protect it", () => {
  const declaration: StackDeclaration = { ...stacks.prod, protectsData: false };
  const { check } = rules.find(({ name }) => name === "data-protection")!;
  const bucket = { type: "gcp:storage/bucket:Bucket", props: {}, isProtected: false };
  expect(check(bucket, declaration)).toEqual([]);
});

test("no message holds what a container is told or a Secret holds", () => {
  const canary = "canary-5f1c";
  const told = {
    args: [canary],
    env: [{ name: "PASSWORD", value: canary }],
    image: undefined,
    resources: { requests: { other: canary } },
  };
  const annotated = { metadata: { name: "app", annotations: { key: canary }, labels: {} } };
  const sides: readonly (readonly [type: string, props: Record<string, unknown>])[] = [
    ["kubernetes:apps/v1:Deployment", { ...deployment(withContainer(told), {}), ...annotated }],
    ["kubernetes:core/v1:Secret", { ...annotated, stringData: { password: canary } }],
    ["kubernetes:core/v1:Service", annotated],
    ["kubernetes:core/v1:Namespace", annotated],
    ["gcp:sql/user:User", { password: canary }],
    ["gcp:sql/databaseInstance:DatabaseInstance", { rootPassword: canary }],
    ["gcp:secretmanager/secretVersion:SecretVersion", { secretData: canary }],
    ["gcp:monitoring/notificationChannel:NotificationChannel", { labels: { token: canary } }],
    ["gcp:monitoring/alertPolicy:AlertPolicy", { documentation: { content: canary } }],
  ];
  const messages = sides.flatMap(([type, props]) =>
    rules.flatMap(({ name }) => said(name, { type, stack: "prod", props, isProtected: false })),
  );
  expect(messages.length).toBeGreaterThan(10);
  expect(messages.filter((message) => message.includes(canary))).toEqual([]);
});

test("a value that a preview does not know is left to the update", () => {
  class UnknownValueError extends Error {
    override readonly name = "UnknownValueError";
  }
  const read = (): never => {
    throw new UnknownValueError();
  };
  expect(known(read)).toBeUndefined();
  expect(() =>
    known(() => {
      throw new TypeError("broken");
    }),
  ).toThrow("broken");
});

test("a pod without a Deployment is labelled once", () => {
  const side: Side = {
    type: "kubernetes:core/v1:Pod",
    stack: "prod",
    props: { metadata: { labels: {} }, spec: pod },
    isProtected: true,
  };
  expect(said("labels", side)).toHaveLength(2);
});
