import { ApiError, notFound } from "../api-error.ts";
import type { Message } from "../protos/schema.ts";
import type { Project } from "../state/state.ts";

/**
 * The message of `kind` that a request names; it may name the project by its number.
 *
 * @param missing what the API says if there is none.
 * @throws ApiError if there is none.
 */
export function entityNamed(
  project: Project,
  kind: string,
  name: string,
  missing?: string,
): Message {
  const entity = project.collection(kind)[ownName(project, name)];
  if (!entity) throw notFound(missing);
  return entity;
}

/** `name` with the project's ID where it has its number. */
export function ownName(project: Project, name: string): string {
  return `projects/${project.id}/${name.split("/").slice(2).join("/")}`;
}

/** Stores a new message under its name. */
export function add(project: Project, kind: string, name: string, message: Message): Message {
  const collection = project.collection(kind);
  if (collection[name]) throw new ApiError("ALREADY_EXISTS", "Requested entity already exists");
  return (collection[name] = message);
}

/** Last segment of a name: the ID in it. */
export function idIn(name: string): string {
  return name.split("/").at(-1)!;
}
