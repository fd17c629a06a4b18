import { GoogleApis } from "../../infra/google-apis.ts";
import { registrationsOf } from "../mocks.ts";

test("switches on the APIs that the stack uses, and never off", async () => {
  const [component, ...services] = await registrationsOf(
    () => new GoogleApis("apis", { project: "prod-project" }),
  );
  expect(component).toEqual({ path: "marketing-stack:infra:GoogleApis::apis", inputs: {} });
  expect(services).toEqual(
    [
      "artifactregistry",
      "bigquery",
      "certificatemanager",
      "cloudkms",
      "cloudresourcemanager",
      "compute",
      "container",
      "dns",
      "iam",
      "iamcredentials",
      "logging",
      "monitoring",
      "pubsub",
      "secretmanager",
      "servicenetworking",
      "sqladmin",
      "storage",
    ].map((api) => ({
      path: `marketing-stack:infra:GoogleApis$gcp:projects/service:Service::apis-${api}`,
      inputs: {
        disableOnDestroy: false,
        project: "prod-project",
        service: `${api}.googleapis.com`,
      },
    })),
  );
});
