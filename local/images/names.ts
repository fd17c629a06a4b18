/** Repository and tag of the image that holds a pod's namespaces open. */
export const pauseImage = "library/pause:catatonit";

/** Repository and tag of the plain Debian below the other base images. */
export const debianImage = "library/debian:bookworm-slim";

/** Repository and tag of what stands in for Docker Hub's `node:24-bookworm-slim`. */
export const nodeImage = "library/node:24-bookworm-slim";

/** Repository and tag of what stands in for Docker Hub's `postgres:15-bookworm`. */
export const postgresImage = "library/postgres:15-bookworm";
