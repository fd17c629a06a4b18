import { summary } from "../../../commands/engine/summary.ts";

const outputs = {
  namespace: "dev",
  urls: {
    cms: "http://127.0.0.1:30100",
    collector: "http://127.0.0.1:30101",
    worker: "http://127.0.0.1:30102",
    monitoring: "http://127.0.0.1:17004",
  },
  databaseUrl: "postgres://reader:reader-password@127.0.0.1:30103/marketing",
  adminEmail: "admin@example.com",
  adminPassword: "admin-password",
  writeKeys: { website: "website-write-key" },
  images: { collector: "registry/collector:1" },
  nameServers: null,
};

test("says where everything is and shows no secret", () => {
  const text = summary({
    stack: "dev",
    outputs,
    credentials: "/state/credentials.json",
    unchanged: true,
  });
  for (const shown of [
    ...Object.values(outputs.urls),
    "admin@example.com",
    "/state/credentials.json",
  ]) {
    expect(text).toContain(shown);
  }
  for (const secret of ["reader-password", "admin-password", "website-write-key"]) {
    expect(text).not.toContain(secret);
  }
});

test("says that nothing had to change only where that is so", () => {
  const say = (unchanged: boolean): string =>
    summary({ stack: "dev", outputs, credentials: "/c", unchanged });
  expect(say(true)).toContain("nothing had to change");
  expect(say(false)).not.toContain("nothing had to change");
});

test("the commands that it names carry the stack's name unless it is dev", () => {
  const text = summary({ stack: "test-a", outputs, credentials: "/c", unchanged: false });
  expect(text).toContain("npm run logs -- --stack test-a collector");
});

test("names what a stack on Google Cloud has, and what its owner has to do", () => {
  const text = summary({
    stack: "prod",
    outputs: {
      ...outputs,
      urls: { ...outputs.urls, cms: "https://cms.example.com", worker: null },
      nameServers: ["ns1.example.net.", "ns2.example.net."],
    },
    credentials: "/c",
    unchanged: false,
  });
  expect(text).toContain("CMS         https://cms.example.com/admin");
  expect(text).toContain("Delegate the stack's domain to ns1.example.net., ns2.example.net.");
  expect(text).not.toContain("Worker");
});

test("names the content that is not the release's", () => {
  const say = (kept: string[]): string =>
    summary({
      stack: "prod",
      outputs,
      credentials: "/c",
      unchanged: false,
      content: { changed: 0, there: 8, kept },
    });
  expect(say(["page home (en) was edited here"])).toContain(
    "Content that is not the release's, because it was edited here:\n    page home (en) was edited here\n",
  );
  expect(say([])).not.toContain("edited here");
});
