import type { CheckPromql } from "../promql/promtool.ts";
import type { Message } from "../protos/schema.ts";
import type { State } from "../state/state.ts";

/** What the methods of a resource work with. */
export interface Backend {
  readonly state: State;
  readonly checkPromql: CheckPromql;
  /** The present, as RFC 3339 text. */
  readonly now: () => string;
}

/**
 * One method of a service of the API.
 *
 * Gets the request in its canonical form, path and query included; returns the response in its own.
 *
 * @throws ApiError for whatever the caller has done wrong.
 */
export type Method = (request: Message, backend: Backend) => Promise<Message>;

/** A service of the API. Its routes, requests and responses are those of Google's protos. */
export interface Resource {
  /** Full name of the service, e.g. `google.monitoring.v3.AlertPolicyService`. */
  readonly service: string;
  /** Its methods by their names in the protos; the others are not served. */
  readonly methods: Readonly<Record<string, Method>>;
}
