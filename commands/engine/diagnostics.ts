import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";

/**
 * Whether an event tells people something in words: no message that is gone a moment later, and none of those for the
 * engine's own developers, which hold secrets in plain text.
 */
export function isSaid({ diagnosticEvent }: EngineEvent): boolean {
  if (!diagnosticEvent || diagnosticEvent.ephemeral) return false;
  return (diagnosticEvent.severity as string) !== "debug" && diagnosticEvent.message.trim() !== "";
}
