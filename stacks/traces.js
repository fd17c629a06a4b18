/**
 * Makes stack traces of errors without a message empty.
 *
 * The SDK makes several such errors for each resource, to note where it was declared, and the language host maps each of
 * their lines back to its source: most of what a large program takes (bench/resources.ts). Errors that are thrown at
 * people have a message, and keep their traces.
 */
export function traceOnlyErrorsThatSaySomething() {
  const mapped = Error.prepareStackTrace;
  // Without the language host nothing is mapped.
  if (!mapped) return;
  Error.prepareStackTrace = (error, sites) => (error.message === "" ? "" : mapped(error, sites));
}
