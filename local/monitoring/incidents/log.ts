import type { Message } from "../protos/schema.ts";
import type { Project, State } from "../state/state.ts";
import type { Incident } from "./incident.ts";
import { observe, type Observation } from "./observe.ts";

const KIND = "incidents";

/** Most incidents that a project keeps: the latest. */
const KEPT = 1000;

/** Incidents of a project, newest first. */
export function incidentsOf(project: Project): Incident[] {
  const stored = Object.values(project.collection(KIND)) as unknown as Incident[];
  return stored.sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
}

/** Writes down which incidents of a project an observation opens and closes. */
export async function recordIncidents(
  state: State,
  project: Project,
  observation: Observation,
): Promise<void> {
  const now = new Date().toISOString();
  if (changesIn(project, observation, now).length === 0) return;
  await state.change(`projects/${project.id}`, async (current) => {
    const stored = current.collection(KIND);
    for (const incident of changesIn(current, observation, now)) {
      stored[incident.id] = incident as unknown as Message;
    }
    for (const { id } of incidentsOf(current).slice(KEPT)) Reflect.deleteProperty(stored, id);
  });
}

function changesIn(project: Project, observation: Observation, now: string): Incident[] {
  const open = incidentsOf(project).filter(({ closedAt }) => closedAt === null);
  return observe(open, observation, now);
}
