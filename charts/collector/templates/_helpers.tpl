{{- define "collector.fullname" -}}
{{- .Release.Name -}}
{{- end -}}

{{- define "collector.labels" -}}
{{ include "collector.selectorLabels" . }}
app.kubernetes.io/part-of: marketing-stack
{{- end -}}

{{- define "collector.selectorLabels" -}}
app.kubernetes.io/name: collector
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "collector.serviceAccountName" -}}
{{- include "collector.fullname" . -}}
{{- end -}}
