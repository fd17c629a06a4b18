import { createHash } from "node:crypto";
import { invalidField } from "../api-error.ts";

/**
 * The ID or number in `projects/<ID or number>` or in the name of anything in a project.
 *
 * An emulated project is named after a stack, so its ID may be longer than Google's 30 characters.
 *
 * @throws ApiError if it is neither.
 */
export function projectIn(name: string): string {
  const project = name.split("/")[1] ?? "";
  if (!/^([a-z][a-z0-9-]{0,98}[a-z0-9]|\d{1,19})$/.test(project)) {
    throw invalidField("name", name, "must name a project by its ID or its number.");
  }
  return project;
}

/** Number of the project with this ID: 12 digits, the same on every machine. */
export function projectNumber(id: string): string {
  const digest = createHash("sha256").update(id).digest().readBigUInt64BE();
  return String(100_000_000_000n + (digest % 900_000_000_000n));
}
