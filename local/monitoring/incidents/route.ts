import type { Hono } from "hono";
import type { State } from "../state/state.ts";
import { incidentsOf } from "./log.ts";

/**
 * Adds `GET /incidents?project=ID[&open=true]`: the incidents of a project, newest first.
 *
 * The path is the emulator's own: Cloud Monitoring shows incidents in its console only.
 */
export function serveIncidents(app: Hono, state: State): void {
  app.get("/incidents", (context) => {
    const { project = "", open } = context.req.query();
    const found = state.projects().find(({ id }) => id === project);
    const incidents = found ? incidentsOf(found) : [];
    return context.json({
      incidents: incidents
        .filter(({ closedAt }) => open !== "true" || closedAt === null)
        .map((incident) => ({ ...incident, project })),
    });
  });
}
