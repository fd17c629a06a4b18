/**
 * Annotations of a Service that the engine takes for made as soon as the API server has it.
 *
 * By default it watches every Service for ten seconds in which nothing happens. What is behind ours are the pods of a
 * workload that is waited for anyway.
 */
export const unawaitedService = { "pulumi.com/skipAwait": "true" };
