/**
 * Options of a resource that holds data.
 *
 * If `protectData`, the engine refuses to delete or replace it, and leaves it where it is when it goes from the state.
 */
export function dataProtection(protectData: boolean) {
  return { protect: protectData, retainOnDelete: protectData };
}
