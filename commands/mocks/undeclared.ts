import type { StateResource } from "../engine/state.ts";
import type { Registered } from "./registered.ts";

/**
 * What a stack has deployed and its program declares no longer, by its own name or by an alias: `up` deletes it.
 *
 * What a chart made is left out as long as the chart is declared: only its provider knows what it makes now.
 */
export function undeclared(
  deployed: readonly StateResource[],
  registered: readonly Registered[],
): StateResource[] {
  const declared = new Set(registered.flatMap(({ urn, aliases }) => [urn, ...aliases]));
  const charts = new Set(
    registered.filter(({ hasUnknownChildren }) => hasUnknownChildren).map(({ urn }) => urn),
  );
  const parents = new Map(deployed.map(({ urn, parent }) => [urn, parent]));
  const isOfChart = (urn: string | undefined): boolean =>
    urn !== undefined && (charts.has(urn) || isOfChart(parents.get(urn)));
  return deployed.filter(
    (resource) =>
      resource.custom &&
      !resource.delete &&
      !resource.urn.includes("::pulumi:providers:") &&
      !declared.has(resource.urn) &&
      !isOfChart(resource.parent),
  );
}
