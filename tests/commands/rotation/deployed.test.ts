import { deployedSecrets, requireCommonGenerations } from "../../../commands/rotation/deployed.ts";

const password = (name: string, created?: string, others: object = {}) => ({
  urn: `urn:pulumi:dev::marketing-stack::marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::${name}`,
  type: "random:index/randomPassword:RandomPassword",
  ...(created && { created }),
  ...others,
});

test("the generations of each secret are read from the state, with the time of the newest", () => {
  const resources = [
    password("cms-jwt-secret", "2026-11-01T10:00:00Z"),
    password("cms-jwt-secret.1", "2026-11-20T10:00:00Z"),
    password("collector-shop-1"),
    password("database-cms.2", "2026-11-02T10:00:00Z"),
    password("database-cms.1", "2026-11-01T10:00:00Z", { delete: true }),
    { urn: "urn:pulumi:dev::marketing-stack::kubernetes:core/v1:Secret::cms", type: "Secret" },
  ];
  expect(deployedSecrets(resources)).toEqual({
    "cms-jwt-secret": { generations: [1, 0], changedAt: new Date("2026-11-20T10:00:00Z") },
    "collector-shop-1": { generations: [0], changedAt: undefined },
    "database-cms": { generations: [2], changedAt: new Date("2026-11-02T10:00:00Z") },
  });
});

test.each([
  [[0], [0]],
  [[0], [1, 0]],
  [[1, 0], [1]],
  [
    [1, 0],
    [2, 1],
  ],
])("from %j to %j something stays valid", (deployed, declared) => {
  const change = () =>
    requireCommonGenerations({ token: { generations: deployed } }, { token: declared });
  expect(change).not.toThrow();
});

test("a secret that is not deployed yet may begin anywhere", () => {
  expect(() => requireCommonGenerations({}, { token: [3] })).not.toThrow();
});

test.each([
  ["a generation that is left out", { token: [1] }],
  ["a rotation that is taken back", {}],
])("fails on %s, naming the command that changes it step by step", (_what, declared) => {
  const deployed = { token: { generations: "token" in declared ? [0] : [1] } };
  expect(() =>
    requireCommonGenerations(deployed, declared as unknown as Record<string, number[]>),
  ).toThrow(/^marketing-stack:generations\.token must keep one .*npm run rotate -- token/);
});
