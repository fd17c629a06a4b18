import { ServiceImage } from "../../infra/service-image.ts";
import { registrationsOf } from "../mocks.ts";

const args = {
  registry: "127.0.0.1:5000",
  context: "services/cms",
  inputsDigest: "a".repeat(64),
  baseImage: "node",
  hostNetwork: true,
};

test("creates one image and its push, tagged by the digest of the inputs, kept when the stack goes", async () => {
  expect(await registrationsOf(() => new ServiceImage("cms", args))).toEqual([
    { path: "marketing-stack:infra:ServiceImage::cms", inputs: {} },
    {
      path: "marketing-stack:infra:ServiceImage$docker:index/registryImage:RegistryImage::cms-push",
      inputs: {
        keepRemotely: true,
        name: "127.0.0.1:5000/marketing-stack/cms:aaaaaaaaaaaaaaaa",
        triggers: { inputs: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
      },
    },
    {
      path: "marketing-stack:infra:ServiceImage$docker:index/remoteImage:RemoteImage::cms",
      inputs: {
        build: {
          buildArgs: { BASE_IMAGE: "node" },
          context: "services/cms",
          networkMode: "host",
          useLegacyBuilder: true,
        },
        keepLocally: true,
        name: "127.0.0.1:5000/marketing-stack/cms:aaaaaaaaaaaaaaaa",
        triggers: { inputs: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
      },
    },
  ]);
});

test("the reference is known before the build", async () => {
  let image: ServiceImage | undefined;
  await registrationsOf(() => {
    image = new ServiceImage("cms", args);
  });
  expect(image!.reference).toBe("127.0.0.1:5000/marketing-stack/cms:aaaaaaaaaaaaaaaa");
});
test("fails on a digest that is no SHA-256", async () => {
  await expect(
    registrationsOf(() => new ServiceImage("cms", { ...args, inputsDigest: "latest" })),
  ).rejects.toThrow('inputsDigest must be 64 hexadecimal digits, got "latest"');
});
