import { notFound } from "../api-error.ts";
import type { Message } from "../protos/schema.ts";
import type { Project } from "../state/state.ts";

/**
 * The message of `kind` that a request names; it may name the project by its number.
 *
 * @throws ApiError if there is none.
 */
export function entityNamed(project: Project, kind: string, name: string): Message {
  const path = name.split("/").slice(2).join("/");
  const entity = project.collection(kind)[`projects/${project.id}/${path}`];
  if (!entity) throw notFound();
  return entity;
}
