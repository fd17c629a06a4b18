/**
 * Refuses a role that may more than one task asks for.
 *
 * @param grant name of the grant that has it
 * @throws Error if the role is a basic one (owner, editor, viewer), an administrator's, one of the project's own, or has
 * a wildcard.
 */
export function requireLeastRole(grant: string, role: string): void {
  if (!/^roles\/[a-z]+\.[A-Za-z]+$/.test(role) || /admin$/i.test(role)) {
    throw new Error(
      `role of grant ${grant} must be one of a single Google service and not its administrator's, got ${JSON.stringify(role)}; take a narrow one, as roles/pubsub.publisher`,
    );
  }
}
