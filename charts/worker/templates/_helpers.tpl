{{- define "worker.fullname" -}}
{{- .Release.Name -}}
{{- end -}}

{{- define "worker.labels" -}}
{{ include "worker.selectorLabels" . }}
app.kubernetes.io/part-of: marketing-stack
{{- end -}}

{{- define "worker.selectorLabels" -}}
app.kubernetes.io/name: worker
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "worker.serviceAccountName" -}}
{{- include "worker.fullname" . -}}
{{- end -}}
