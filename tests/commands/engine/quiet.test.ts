import { quiet } from "../../../commands/engine/quiet.ts";

test("what makes the engine or a provider write down secrets is left out, and nothing else", () => {
  const loud = {
    PULUMI_OPTION_VERBOSE: "10",
    PULUMI_OPTION_LOGTOSTDERR: "true",
    PULUMI_OPTION_LOGFLOW: "true",
    PULUMI_OPTION_TRACING: "file:/tmp/trace",
    PULUMI_OPTION_SHOW_SECRETS: "true",
    PULUMI_DEBUG_GRPC: "/tmp/grpc.json",
    TF_LOG: "TRACE",
    TF_LOG_PATH: "/tmp/tf.log",
    TF_LOG_PROVIDER: "TRACE",
    TF_ACC_LOG_PATH: "/tmp/tf.log",
    GRPC_TRACE: "all",
    GRPC_VERBOSITY: "DEBUG",
    NODE_DEBUG: "http",
  };
  const kept = { PATH: "/bin", PULUMI_CONFIG_PASSPHRASE: "x", PULUMI_BACKEND_URL: "gs://x" };
  expect(quiet({ ...loud, ...kept })).toEqual(kept);
});
