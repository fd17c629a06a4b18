import type { Core } from "@strapi/strapi";

export default ({ env }: Core.Config.Shared.ConfigParams) => ({
  "users-permissions": { config: { jwtSecret: env("JWT_SECRET") } },
  upload: {
    config: {
      security: {
        allowedTypes: ["image/*", "video/*", "audio/*", "application/pdf"],
        // It may carry a script, and files are served from the admin page's own origin.
        deniedTypes: ["image/svg+xml"],
      },
    },
  },
});
