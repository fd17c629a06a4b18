/** What a policy's documentation can name. */
export interface TemplateValues {
  readonly project: string;
  readonly policy: string;
  readonly condition: string;
}

/**
 * Documentation of a policy as a template of Prometheus: Cloud Monitoring's variables become the alert's labels, and
 * braces that only Prometheus would read stay as they are.
 */
export function prometheusTemplate(text: string, values: TemplateValues): string {
  return text.replace(/\{\{|\$\{([\w.]+)\}/g, (found, variable?: string) => {
    if (variable === undefined) return '{{ "{{" }}';
    const label = /^(?:metric|resource|metric_or_resource|metadata)\.\w+\.([a-zA-Z_]\w*)$/.exec(
      variable,
    )?.[1];
    if (label !== undefined) return `{{ $labels.${label} }}`;
    const value = named(variable, values);
    return value === undefined ? found : value.replaceAll("{{", '{{ "{{" }}');
  });
}

function named(
  variable: string,
  { project, policy, condition }: TemplateValues,
): string | undefined {
  switch (variable) {
    case "project":
    case "resource.project":
      return project;
    case "policy.display_name":
      return policy;
    case "condition.display_name":
    case "condition.name":
      return condition;
    default:
      return undefined;
  }
}
