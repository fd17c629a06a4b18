/** Repository of Artifact Registry that a project's images lie in. */
export const repositoryId = "images";

/** Address of that repository, as images are named and pulled. */
export function artifactRegistry(project: string, region: string): string {
  return `${region}-docker.pkg.dev/${project}/${repositoryId}`;
}
