/** Variables by which Pulumi, its providers and their libraries are told to write down all that passes through them. */
const loud = [
  /^PULUMI_OPTION_/,
  /^PULUMI_DEBUG_GRPC$/,
  /^TF_(ACC_)?LOG/,
  /^GRPC_(TRACE|VERBOSITY)$/,
  /^NODE_DEBUG$/,
];

/**
 * An environment in which the engine runs as our commands tell it, at its own log level: what it logs above that holds
 * secrets in plain text, and would stay in files and in the output of CI. `npm run pulumi` runs in the user's own.
 */
export function quiet(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !loud.some((pattern) => pattern.test(name))),
  );
}
