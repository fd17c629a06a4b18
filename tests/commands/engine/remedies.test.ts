import { remedyOf } from "../../../commands/engine/remedies.ts";

test.each([
  ["error: getting secrets manager: incorrect passphrase", "PULUMI_CONFIG_PASSPHRASE"],
  [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
    "npm run pulumi -- cancel",
  ],
  ["rpc error: code = Unavailable desc = error reading from server: EOF", "run the same command"],
  ["the server has asked for the client to provide credentials", "marketing-stack:kubeconfig"],
  ["tls: failed to verify: x509: certificate has expired or is not yet valid", "kubeconfig"],
  ["googleapi: Error 401: Request had invalid authentication credentials", "gcloud auth"],
  ["unauthorized: authentication required", "docker login"],
  [
    '"dev/welcome" failed to fully initialize or become live: timed out waiting for the condition',
    "npm run campaign -- status",
  ],
])("%j has a remedy", (message, remedy) => {
  expect(remedyOf(message)).toContain(remedy);
});

test("what the program says itself has none", () => {
  expect(remedyOf("marketing-stack:portBase must be a whole number, got 80")).toBeUndefined();
});
