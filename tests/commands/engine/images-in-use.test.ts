import { imagesNamed } from "../../../commands/engine/images-in-use.ts";

const registry = "127.0.0.1:17003/marketing-stack";

test("a stack that builds names the images that were pushed for it", () => {
  const image = {
    type: "docker:index/registryImage:RegistryImage",
    inputs: { name: `${registry}/cms:0123` },
  };
  expect(imagesNamed({ deployment: { resources: [image] } })).toEqual([`${registry}/cms:0123`]);
});

test("a stack that runs a release names those of its containers, of jobs too, and what it says it has", () => {
  const pod = (key: string, image: string): object => ({
    spec: { template: { spec: { [key]: [{ name: "one", image }] } } },
  });
  const resources = [
    { type: "pulumi:pulumi:Stack", outputs: { images: { cms: `${registry}/cms@sha256:1` } } },
    {
      type: "kubernetes:apps/v1:Deployment",
      inputs: { ...pod("containers", `${registry}/worker@sha256:2`) },
    },
    {
      type: "kubernetes:batch/v1:CronJob",
      inputs: { spec: { jobTemplate: pod("initContainers", `${registry}/worker@sha256:3`) } },
    },
  ];
  expect(imagesNamed({ deployment: { resources } })).toEqual([
    `${registry}/cms@sha256:1`,
    `${registry}/worker@sha256:2`,
    `${registry}/worker@sha256:3`,
  ]);
});

test("a stack without resources names none", () => {
  expect(imagesNamed({ deployment: {} })).toEqual([]);
});
