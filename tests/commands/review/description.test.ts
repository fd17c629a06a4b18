import { reviewDescription } from "../../../commands/review/description.ts";

const outputs = {
  namespace: "review-pr-12",
  urls: {
    cms: "http://127.0.0.1:31000",
    collector: "http://127.0.0.1:31001",
    worker: "http://127.0.0.1:31002",
    monitoring: "http://127.0.0.1:17004",
  },
  databaseUrl: "postgres://reader:reader-password@127.0.0.1:31003/marketing",
  adminEmail: "admin@example.com",
  adminPassword: "admin-password",
  writeKeys: { website: "website-write-key" },
  images: {},
  nameServers: null,
};

test("says where the copy is, how to reach it and when it goes, and no secret", () => {
  const text = reviewDescription({
    stack: "review-pr-12",
    outputs,
    expiresAt: new Date("2026-11-24T12:00:00.000Z"),
    host: "runner-1",
  });
  for (const shown of [
    "`http://127.0.0.1:31000/admin`",
    "`http://127.0.0.1:31001`",
    "`http://127.0.0.1:31002`",
    "ssh -N -L 31000:127.0.0.1:31000 -L 31001:127.0.0.1:31001 -L 31002:127.0.0.1:31002 runner-1",
    "`2026-11-24T12:00:00.000Z`",
  ]) {
    expect(text).toContain(shown);
  }
  expect(text).not.toMatch(/reader-password|admin-password|website-write-key/);
});
