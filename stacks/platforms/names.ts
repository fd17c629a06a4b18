/** What a stack can stand on. */
export const platformNames = ["local", "kubeconfig", "gke"] as const;

/** One of {@link platformNames}. */
export type PlatformName = (typeof platformNames)[number];
