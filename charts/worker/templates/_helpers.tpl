{{- define "worker.fullname" -}}
{{- .Release.Name -}}
{{- end -}}

{{- /* Labels of what belongs to one track: (list $ NAME), NAME that of its Deployment. */ -}}
{{- define "worker.labels" -}}
{{ include "worker.selectorLabels" . }}
app.kubernetes.io/part-of: marketing-stack
{{- end -}}

{{- define "worker.selectorLabels" -}}
app.kubernetes.io/name: worker
app.kubernetes.io/instance: {{ index . 1 }}
{{- end -}}

{{- define "worker.serviceAccountName" -}}
{{- include "worker.fullname" . -}}
{{- end -}}
