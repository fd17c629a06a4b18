{{- define "worker.fullname" -}}
{{- .Release.Name -}}
{{- end -}}

{{- /* Labels of what belongs to one track, given the name of its Deployment. */ -}}
{{- define "worker.labels" -}}
{{ include "worker.selectorLabels" . }}
app.kubernetes.io/part-of: marketing-stack
{{- end -}}

{{- define "worker.selectorLabels" -}}
app.kubernetes.io/name: worker
app.kubernetes.io/instance: {{ . }}
{{- end -}}

{{- define "worker.serviceAccountName" -}}
{{- include "worker.fullname" . -}}
{{- end -}}
