/** What the engine or a provider says when something outside the program is wrong, and what to do about it. */
const remedies: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [
    /incorrect passphrase|passphrase must be set|get(ting)? passphrase/i,
    "the passphrase must be the one that the stack was made with: export PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE",
  ],
  [
    /currently locked by \d+ lock/,
    "another update holds the stack: wait until it has ended; if its process is gone, npm run pulumi -- cancel --yes --stack STACK, and the same command again",
  ],
  [
    /error reading from server: (EOF|read )|transport is closing|connection error: desc|plugin .* exited unexpectedly/i,
    "a provider ended in the middle of its work; nothing is lost: run the same command again, it goes on where it stopped",
  ],
  [
    /no basic auth credentials|unauthorized: authentication required|denied: requested access/i,
    "the registry refuses the login: docker login",
  ],
  [
    /invalid authentication credentials|invalid_grant|oauth2: .*expired|could not find default credentials/i,
    "Google Cloud refuses the login, or it has expired: gcloud auth application-default login",
  ],
  [
    /provide credentials|x509: certificate has expired|tls: expired certificate|\bUnauthorized\b/i,
    "the cluster refuses the kubeconfig's user, or its certificate has expired: log in again or renew the file that marketing-stack:kubeconfig names",
  ],
  [
    /failed to fully initialize or become live: timed out waiting for the condition/,
    "what was declared did not become ready in time: of a campaign, npm run campaign -- status says what is wrong",
  ],
];

/** What to do about an error of the engine, as a sentence; undefined where its own message is all there is to say. */
export function remedyOf(message: string): string | undefined {
  return remedies.find(([pattern]) => pattern.test(message))?.[1];
}
