import { registrationDrift } from "./registration-drift.ts";

const image = "marketing-stack:infra:Image$docker:index/remoteImage:RemoteImage::cms";
const policy = "gcp:monitoring/alertPolicy:AlertPolicy::cms-down";

test("a program that both builds understand drifts nowhere", () => {
  expect(
    registrationDrift([
      { path: image, inputs: { name: "cms:1", build: { context: ".", networkMode: "host" } } },
      {
        path: policy,
        inputs: {
          displayName: "CmsDown",
          combiner: "OR",
          conditions: [
            {
              displayName: "x",
              conditionPrometheusQueryLanguage: { query: "up", duration: "60s" },
            },
          ],
        },
      },
      {
        path: "pulumi:providers:docker::registry",
        inputs: { host: "unix:///x", registryAuth: '[{"address":"a","authDisabled":true}]' },
      },
      { path: "pulumi:providers:gcp::gcp", inputs: { project: "p", userProjectOverride: "true" } },
      { path: "random:index/randomId:RandomId::x", inputs: { anything: 1 } },
    ]),
  ).toEqual([]);
});

test.each([
  [image, { name: "a", buidl: {} }, "buidl"],
  [image, { name: "a", build: { context: ".", dockerFile: "x" } }, "build.dockerFile"],
  [policy, { conditions: [{ conditionPrometheusQueryLanguage: { qurey: "up" } }] }, "qurey"],
])("a misspelt input of %s is found in both builds", (path, inputs, misspelt) => {
  const found = registrationDrift([{ path, inputs }]);
  expect(found.map((wrong) => wrong.split(":")[0])).toEqual(["published build", "our build"]);
  for (const wrong of found)
    expect(wrong).toContain(`${misspelt} must be an input that the plugin knows`);
});

test("an input that only one build has is found", () => {
  const inputs = { name: "a", build: { context: ".", sbom: "true" } };
  expect(registrationDrift([{ path: image, inputs }])).toEqual([
    `published build: ${image}.build.sbom must be an input that the plugin knows, got "true"`,
  ]);
});

test("a resource that our build does not have is found", () => {
  expect(registrationDrift([{ path: "docker:index/image:Image::x", inputs: {} }])).toEqual([
    "our build: docker:index/image:Image must be a resource of it, got none",
  ]);
});
