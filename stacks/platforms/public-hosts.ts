/** Host names that a stack with `domain` serves on the internet, by service. */
export function publicHosts(domain: string) {
  return { cms: `cms.${domain}`, collector: `events.${domain}` };
}
